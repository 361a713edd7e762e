//! Runs a call to its end, or to the wall-clock backstop.
//!
//! Code that counts fuel can give way every so much fuel at no further cost in the code itself. So a call is a future
//! that is polled here, on the calling thread, with a look at the clock and at the interrupt flag between polls; a call that is
//! stopped is dropped, which unwinds it. Epochs would do the same, but count in the code beside the fuel: figures in docs/performance.md.

use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use crate::FailureKind;

/// Polls the call until it is done.
pub(crate) fn to_end<T>(
    call: impl Future<Output = T>,
    limit: Duration,
    interrupted: &AtomicBool,
) -> Result<T, FailureKind> {
    let start = Instant::now();
    let mut call = pin!(call);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(answer) = call.as_mut().poll(&mut context) {
            return Ok(answer);
        }
        if interrupted.load(Ordering::Relaxed) {
            return Err(FailureKind::Interrupted);
        }
        if start.elapsed() >= limit {
            return Err(FailureKind::Deadline { limit });
        }
    }
}
