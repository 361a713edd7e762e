//! Whether requests are limited: many at once, each harmless.

use std::time::Duration;

use tokio::{task::JoinSet, time::Instant};

use super::{
    outcome::{Outcome, Tried},
    stage::Stage,
};

const SENT: usize = 40;
const AT_ONCE: usize = 8;
/// An answer that takes longer may be one that was held back.
const SLOW: Duration = Duration::from_secs(2);

pub(crate) async fn burst(stage: &mut Stage<'_>) -> Tried {
    if let Err(why) = stage.control().await {
        return stage.no_control(why);
    }
    let patience = stage.options.probe.patience;
    let mut requests = Vec::new();
    for _ in 0..SENT {
        let raw = stage.control().await;
        let (Ok(raw), Some(http)) = (raw, stage.http()) else {
            return Tried::prevented("the conversation is over");
        };
        requests.push(http.prepare(&raw));
    }
    let (mut answered, mut limited, mut slow, mut failed) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut running: JoinSet<(Option<u16>, Duration)> = JoinSet::new();
    let mut left = requests.into_iter();
    loop {
        while running.len() < AT_ONCE
            && let Some(request) = left.next()
        {
            let _ = running.spawn(async move {
                let start = Instant::now();
                let status = tokio::time::timeout(patience, request.send()).await;
                (status.ok().and_then(Result::ok).map(|response| response.status().as_u16()), start.elapsed())
            });
        }
        let Some(done) = running.join_next().await else { break };
        let (status, took) = done.unwrap_or((None, Duration::ZERO));
        let count = match status {
            Some(429 | 503) => &mut limited,
            Some(200..300) => &mut answered,
            _ => &mut failed,
        };
        *count = count.saturating_add(1);
        if took >= SLOW {
            slow = slow.saturating_add(1);
        }
    }
    let what = match (limited, answered) {
        (0, 0) => "error",
        (0, _) => "accepted",
        _ => "refused",
    };
    Tried::ran(Outcome::plain(what))
        .and("sent", SENT)
        .and("answered", answered)
        .and("limited", limited)
        .and("slow", slow)
        .and("failed", failed)
}
