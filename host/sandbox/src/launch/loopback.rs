//! Brings up the loopback device of a new network namespace, by a message to the kernel.

use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, recv, sendto, socket,
};
use std::os::fd::AsRawFd as _;

use super::facts::Fact;

/// It is the first device of every namespace.
const INDEX: i32 = 1;

const NEW_LINK: u16 = 16;
const REQUEST_WITH_ANSWER: u16 = 1 | 4;
const ERROR: u16 = 2;
const UP: u32 = 1;

pub(super) fn bring_up() -> Fact {
    let failed = |why: nix::Error| why.desc().to_owned();
    let protocol = SockProtocol::NetlinkRoute;
    let socket =
        socket(AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, protocol).map_err(failed)?;
    sendto(socket.as_raw_fd(), &message(), &NetlinkAddr::new(0, 0), MsgFlags::empty()).map_err(failed)?;
    let mut answer = [0; 128];
    let length = recv(socket.as_raw_fd(), &mut answer, MsgFlags::empty()).map_err(failed)?;
    verdict(answer.get(..length).unwrap_or_default())
}

/// A header (length, type, flags, sequence, port), then which device and what about it.
fn message() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(32);
    bytes.extend(32_u32.to_ne_bytes());
    bytes.extend(NEW_LINK.to_ne_bytes());
    bytes.extend(REQUEST_WITH_ANSWER.to_ne_bytes());
    bytes.extend([0; 8]);
    // Family, padding, type of device.
    bytes.extend([0; 4]);
    bytes.extend(INDEX.to_ne_bytes());
    bytes.extend(UP.to_ne_bytes());
    bytes.extend(UP.to_ne_bytes());
    bytes
}

fn verdict(answer: &[u8]) -> Fact {
    let kind = answer.get(4..6).and_then(|bytes| bytes.try_into().ok()).map(u16::from_ne_bytes);
    let code = answer.get(16..20).and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes);
    match (kind, code) {
        (Some(ERROR), Some(0)) => Ok(()),
        (Some(ERROR), Some(code)) => Err(nix::Error::from_raw(code.saturating_neg()).desc().to_owned()),
        _ => Err("the kernel's answer is not understood".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_cut_off_is_no_success() {
        for answer in [&[][..], &[0; 4], &[0; 20]] {
            assert!(verdict(answer).is_err());
        }
    }
}
