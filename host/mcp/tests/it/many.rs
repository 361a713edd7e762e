//! Many servers on one runtime.

use std::sync::Arc;

use bartizan_mcp::list;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::support::{Web, names, pipe, seconds};

#[test]
fn many_servers_are_listed_on_one_thread_within_a_limit() {
    let web = Web::with(&[]);
    let targets: Vec<_> = (0..6)
        .map(
            |number| {
                if number % 3 == 0 { web.target(&[], bartizan_mcp::HttpTransport::Auto) } else { pipe(&[]) }
            },
        )
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let heard = runtime.block_on(async {
        let (limit, mut running) = (Arc::new(Semaphore::new(4)), JoinSet::new());
        for target in targets {
            let limit = Arc::clone(&limit);
            running.spawn(async move {
                let _permit = limit.acquire().await.unwrap();
                list(&target, &seconds(60)).await.map(|listing| names(&listing).len())
            });
        }
        running.join_all().await
    });
    let mut tools: Vec<usize> = heard.into_iter().map(Result::unwrap).collect();
    tools.sort_unstable();
    assert_eq!(tools, [1, 1, 2, 2, 2, 2]);
}
