//! An HTTP/1.1 client that shows the very bytes.

use std::{io, net::SocketAddr};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::LIMIT;

/// A connection.
pub(crate) struct Wire {
    stream: TcpStream,
    read: BytesMut,
}

impl Wire {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        Self { stream, read: BytesMut::new() }
    }

    pub(crate) async fn send(&mut self, text: impl AsRef<[u8]>) {
        self.stream.write_all(text.as_ref()).await.expect("the server reads");
    }

    /// Waits until this has come.
    pub(crate) async fn until(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.read).contains(text) {
            assert!(self.more().await.expect("the server writes") > 0, "{text:?} comes before the end");
        }
    }

    /// The next response, to the byte.
    pub(crate) async fn response(&mut self, to_head: bool) -> Bytes {
        loop {
            if let Some(len) = length(&self.read, to_head) {
                return undated(&self.read.split_to(len));
            }
            if self.more().await.unwrap_or(0) == 0 {
                return undated(&self.read.split());
            }
        }
    }

    /// All that comes until the server closes the connection, or resets it.
    pub(crate) async fn rest(&mut self) -> Bytes {
        while self.more().await.is_ok_and(|read| read > 0) {}
        undated(&self.read.split())
    }

    /// Says that nothing more will be sent.
    pub(crate) async fn finish(&mut self) {
        self.stream.shutdown().await.expect("the server is there");
    }

    /// Goes away with a FIN.
    pub(crate) fn close(self) {
        drop(self);
    }

    /// Goes away with an RST.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().expect("a socket can be set so");
    }

    async fn more(&mut self) -> io::Result<usize> {
        timeout(LIMIT, self.stream.read_buf(&mut self.read)).await.expect("the server does something")
    }
}

/// A request without a body.
pub(crate) fn request(method: &str, name: &str, headers: &str) -> String {
    format!("{method} /reply/{name} HTTP/1.1\r\nhost: here\r\n{headers}\r\n")
}

/// Where the first response ends, if it has and says so.
fn length(bytes: &[u8], to_head: bool) -> Option<usize> {
    let head = find(bytes, "\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let status = &text[9..12];
    let body = &bytes[head..];
    if status == "100" {
        return Some(head + length(body, to_head)?);
    }
    if to_head || ["101", "204", "304"].contains(&status) {
        return Some(head);
    }
    if let Some((_, rest)) = text.split_once("content-length: ") {
        let len: usize = rest.lines().next()?.parse().ok()?;
        return (body.len() >= len).then_some(head + len);
    }
    if text.contains("transfer-encoding: chunked") {
        return Some(head + chunked_length(body)?);
    }
    None
}

fn chunked_length(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let line = find(&body[at..], "\r\n")?;
        let len = usize::from_str_radix(str::from_utf8(&body[at..at + line]).ok()?, 16).ok()?;
        if len == 0 {
            // The trailers' end, which is the last chunk's own if there are none.
            return Some(at + line + find(&body[at + line..], "\r\n\r\n")? + 4);
        }
        at += line + 2 + len + 2;
        if at > body.len() {
            return None;
        }
    }
}

fn find(bytes: &[u8], text: &str) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text.as_bytes())
}

/// Without the lines that tell the time.
fn undated(bytes: &[u8]) -> Bytes {
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| !line.starts_with(b"date: "))
        .collect::<Vec<_>>()
        .concat()
        .into()
}
