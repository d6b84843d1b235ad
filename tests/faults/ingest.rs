//! An ingest of sockets and threads that behaves as badly as it is told to.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use tests::ingest::{Item, parse_envelope};

/// Nothing here takes this long, unless it hangs.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// How a request is answered.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// With these bytes, and nothing more on this connection if they are no whole answer.
    Bytes(String),
    /// With 200, after so long.
    After(Duration),
    /// Never, as long as it is told so.
    Never,
    /// With the end of the connection.
    Close,
    /// With a head that does not end, a byte now and then.
    Drip,
}

/// The server. Each connection has a thread; all end when it is dropped.
pub(crate) struct Ingest {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    answer: Answer,
    connections: Vec<TcpStream>,
    requests: usize,
    heads: Vec<String>,
    items: Vec<Item>,
    stopped: bool,
}

impl Answer {
    pub(crate) fn ok() -> Self {
        Self::After(Duration::ZERO)
    }

    /// A whole answer without a body.
    pub(crate) fn status(status: &str, headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter().fold(String::new(), |head, (name, value)| head + name + ": " + value + "\r\n");
        Self::Bytes(format!("HTTP/1.1 {status}\r\n{headers}content-length: 0\r\n\r\n"))
    }
}

impl Ingest {
    pub(crate) fn start(answer: Answer) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").expect("loopback has a free port"), answer)
    }

    /// A place where nobody listens.
    pub(crate) fn nowhere() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        listener.local_addr().expect("it is bound")
    }

    pub(crate) fn listen(listener: TcpListener, answer: Answer) -> Self {
        let address = listener.local_addr().expect("it is bound");
        let (connections, heads, items) = (Vec::new(), Vec::new(), Vec::new());
        let state = State { answer, connections, requests: 0, heads, items, stopped: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if accepting.state().stopped {
                    break;
                }
                accepting.update(|state| state.connections.push(connection.try_clone().expect("a socket")));
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.serve(&connection));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn dsn(&self) -> String {
        dsn(self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, and for those that wait for an answer, it is this.
    pub(crate) fn answer(&self, answer: Answer) {
        self.shared.update(|state| state.answer = answer);
    }

    /// Waits for these items, which are those that were answered.
    #[track_caller]
    pub(crate) fn wait_for(&self, done: impl Fn(&[Item]) -> bool) -> Vec<Item> {
        let state = self.shared.wait(|state| done(&state.items));
        assert!(done(&state.items), "not all came: {:#?}", kinds(&state.items));
        state.items.clone()
    }

    /// Waits for so many requests in all, answered or not.
    #[track_caller]
    pub(crate) fn wait_for_requests(&self, count: usize) {
        let requests = self.shared.wait(|state| state.requests >= count).requests;
        assert!(requests >= count, "{requests} requests came, not {count}");
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.state().requests
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.state().connections.len()
    }

    /// The heads of all requests.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.shared.state().heads.clone()
    }

    pub(crate) fn items(&self) -> Vec<Item> {
        self.shared.state().items.clone()
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.shared.update(|state| {
            state.stopped = true;
            for connection in &state.connections {
                let _ = connection.shutdown(Shutdown::Both);
            }
        });
        // The one that the accepting thread waits for.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, connection: &TcpStream) {
        let mut reader = BufReader::new(connection);
        while let Some((head, body)) = read(&mut reader) {
            self.update(|state| {
                state.requests += 1;
                state.heads.push(head);
            });
            let answer = self.wait(|state| state.stopped || !matches!(state.answer, Answer::Never)).answer.clone();
            let bytes = match answer {
                Answer::Bytes(bytes) => bytes,
                Answer::After(pause) => {
                    thread::sleep(pause);
                    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".into()
                }
                Answer::Never | Answer::Close => break,
                Answer::Drip => {
                    let mut writer = connection;
                    let mut head = "HTTP/1.1 200 OK\r\nx: ".bytes().chain(std::iter::repeat(b'a'));
                    // It ends when the client has had enough.
                    while writer.write_all(&[head.next().expect("it is endless")]).is_ok() {
                        thread::sleep(Duration::from_millis(5));
                    }
                    break;
                }
            };
            // Before the client knows.
            if bytes.starts_with("HTTP/1.1 2") && bytes.contains("\r\n\r\n") {
                let items = parse_envelope(&body).expect("what is sent is an envelope");
                self.update(|state| state.items.extend(items));
            }
            let mut writer = connection;
            let whole = bytes.contains("\r\n\r\n") && !bytes.contains("close");
            if writer.write_all(bytes.as_bytes()).is_err() || !whole {
                break;
            }
        }
        let _ = connection.shutdown(Shutdown::Both);
    }

    /// As soon as `done` says so, or the time is up.
    fn wait(&self, done: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let waiting = |state: &mut State| !done(state);
        self.changed.wait_timeout_while(self.state(), LIMIT, waiting).expect("no panic").0
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }
}

pub(crate) fn dsn(address: SocketAddr) -> String {
    format!("http://publickey@{address}/1")
}

pub(crate) fn kinds(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| &*item.kind).collect()
}

fn read(reader: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.map_or(Some(0), |length| length.trim().parse().ok())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}
