//! Whether the lists are the same when they are asked for again.

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};
use crate::{
    handshake::share,
    item::Kind,
    listing::{Again, list_again as once_more},
    record::Items,
};

pub(crate) async fn list_again(stage: &mut Stage<'_>, items: &mut Items) -> Tried {
    let (times, until) = (stage.options.probe.list_again, share(stage.deadline, 2));
    let whole = Kind::ALL.map(|kind| stage.was_whole(kind));
    if !whole.contains(&true) {
        return Tried::not_applicable("there is no list that was heard to its end");
    }
    let (mut listings, mut drifted) = (0_u32, false);
    let told =
        |outcome, listings, drifted| Tried::ran(outcome).and("listings", listings).and("drifted", drifted);
    for _ in 0..times {
        for ((kind, list), _) in
            Kind::ALL.into_iter().zip(items.iter_mut()).zip(whole).filter(|(_, was_whole)| *was_whole)
        {
            let session = match stage.conversation().await {
                Ok(session) => session,
                Err(why) => return Tried::prevented(why),
            };
            match once_more(session, kind, list, "list-again", until).await {
                Ok(Again::Same) => {}
                Ok(Again::Drifted(detail)) => {
                    drifted = true;
                    stage.observe("list-drift", kind.method(), detail);
                }
                Ok(Again::Cut) => {
                    let why = format!("`{}` was refused or cut when it was asked for again", kind.method());
                    let outcome = Outcome { message: Some(why), ..Outcome::plain("error") };
                    return told(outcome, listings, drifted);
                }
                Err(stop) => {
                    let outcome = Outcome::of(&Err(stop));
                    stage.after(&outcome).await;
                    return told(outcome, listings, drifted);
                }
            }
            listings = listings.saturating_add(1);
        }
    }
    told(Outcome::plain("accepted"), listings, drifted)
}
