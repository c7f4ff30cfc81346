//! A proxy between the clients and a registry on loopback, which breaks connections at a byte: before the request was
//! read, in the middle of it, and anywhere in the answer. Each connection carries one request.

use std::io::Read as _;
use std::io::Result;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::thread;
use std::time::Duration;

/// The longest head of a request.
const HEAD: usize = 16 * 1024;
/// How long an answer is held back before the connection ends.
const LATE: Duration = Duration::from_secs(1);
/// What a network's login page answers in the place of every server.
const PORTAL: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 43\r\n\r\n\
    <html><body>Please log in.</body></html>\r\n\r\n";

/// What a cache says that has not heard of a file yet.
const NOTHING: &[u8] = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `config.json` of the index.
    Config,
    /// The file of a crate in the index.
    IndexFile,
    /// A version, of the web API.
    Version,
    /// Whether uploads are taken, whose a crate is: of the web API.
    About,
    /// An archive.
    Download,
    /// An upload.
    Upload,
}

/// How a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// It is reset before the request was read.
    Reset,
    /// It is reset in the middle of the request's body.
    HalfSent,
    /// The request was answered, and nothing of the answer comes back.
    AnswerLost,
    /// The answer ends in its header.
    HeadCut,
    /// The answer ends in its body.
    BodyCut,
    /// The answer is held back for a while, and then lost.
    Late,
    /// Something answers that does not speak HTTP.
    NotHttp,
    /// A login page answers in the place of the server, which hears of nothing.
    Portal,
    /// A cache answers with what was so before: that there is nothing.
    Stale,
}

/// An exchange that was not broken.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub path: String,
    pub status: String,
}

#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    breaks: Mutex<Vec<Armed>>,
    exchanges: Mutex<Vec<Exchange>>,
    struck: Mutex<usize>,
}

#[derive(Debug)]
struct Armed {
    asked: Asked,
    how: Break,
    left: usize,
}

impl Proxy {
    /// Listens on a free port and passes on to `server`.
    pub fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (address, shared) = (listener.local_addr().unwrap(), Arc::new(Shared::default()));
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&accepting);
                // A client that goes away in the middle ends its exchange.
                thread::spawn(move || shared.exchange(&client, server).unwrap_or(()));
            }
        });
        Self { address, shared }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, so many of these requests break.
    pub fn breaks(&self, asked: Asked, how: Break, times: usize) -> &Self {
        lock(&self.shared.breaks).push(Armed { asked, how, left: times });
        self
    }

    /// Nothing breaks any more.
    pub fn heals(&self) {
        lock(&self.shared.breaks).clear();
    }

    /// How many connections were broken.
    pub fn broken(&self) -> usize {
        *lock(&self.shared.struck)
    }

    /// What was asked and answered.
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.shared.exchanges).clone()
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap()
}

impl Shared {
    fn exchange(&self, mut client: &TcpStream, server: SocketAddr) -> Result<()> {
        let head = peeked(client)?;
        let request = Head::of(&head);
        let how = self.strikes(&request);
        match how {
            // Closed with bytes that nobody read: the other side sees a reset.
            Some(Break::Reset) => return Ok(()),
            Some(Break::Portal) => {
                read(client, head.len() + request.length)?;
                return client.write_all(PORTAL);
            }
            Some(Break::Stale) => {
                read(client, head.len() + request.length)?;
                return client.write_all(NOTHING);
            }
            Some(Break::HalfSent) => return read(client, head.len() + request.length / 2).map(drop),
            Some(Break::AnswerLost | Break::HeadCut | Break::BodyCut | Break::Late | Break::NotHttp) | None => {}
        }
        let sent = read(client, head.len() + request.length)?;
        let answer = answer(server, &request.passed_on(), &sent[head.len()..])?;
        let cut = match how {
            None => {
                let status = String::from_utf8_lossy(answer.get(9..12).unwrap_or_default()).into_owned();
                lock(&self.exchanges).push(Exchange { path: request.path.to_owned(), status });
                answer.len()
            }
            Some(Break::HeadCut) => 24,
            Some(Break::BodyCut) => (body_at(&answer) + answer.len()) / 2,
            Some(Break::NotHttp) => return client.write_all(b"220 mail.example.com ESMTP\r\n"),
            Some(Break::Late) => {
                thread::sleep(LATE);
                0
            }
            Some(Break::AnswerLost | Break::Reset | Break::Portal | Break::Stale | Break::HalfSent) => 0,
        };
        client.write_all(&answer[..cut])?;
        client.shutdown(Shutdown::Write)
    }

    /// What breaks this request, which is counted.
    fn strikes(&self, request: &Head<'_>) -> Option<Break> {
        let asked = request.asked()?;
        let mut breaks = lock(&self.breaks);
        let armed = breaks.iter_mut().find(|armed| armed.asked == asked && armed.left > 0)?;
        armed.left -= 1;
        *lock(&self.struck) += 1;
        Some(armed.how)
    }
}

/// The head of a request, with what matters of it.
struct Head<'a> {
    lines: Vec<&'a str>,
    method: &'a str,
    path: &'a str,
    length: usize,
}

impl<'a> Head<'a> {
    fn of(head: &'a str) -> Self {
        let lines: Vec<&str> = head.trim_end().lines().collect();
        let mut words = lines[0].split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let length = lines.iter().filter_map(|line| line.split_once(": "));
        let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length.next().map_or(0, |(_, value)| value.parse().unwrap());
        Self { lines, method, path, length }
    }

    fn asked(&self) -> Option<Asked> {
        let path = self.path.split('?').next().unwrap();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (self.method, parts.as_slice()) {
            ("GET", ["index", "config.json"]) => Some(Asked::Config),
            ("GET", ["index", ..]) => Some(Asked::IndexFile),
            ("PUT", ["api", "v1", "crates", "new"]) => Some(Asked::Upload),
            ("GET", ["api", "v1", "crates", _, _, "download"]) => Some(Asked::Download),
            (
                "GET",
                ["api", "v1", "site_metadata"] | ["api", "v1", "crates", _] | ["api", "v1", "crates", _, "owners"],
            ) => Some(Asked::About),
            ("GET", ["api", "v1", "crates", _, _]) => Some(Asked::Version),
            (_, _) => None,
        }
    }

    /// The head for the server: the connection ends with the answer, and no other protocol is offered.
    fn passed_on(&self) -> String {
        let hop = ["connection", "upgrade", "http2-settings", "expect"];
        let name = |line: &&&str| line.split(':').next().unwrap_or_default().to_lowercase();
        let kept = self.lines.iter().filter(|line| !hop.contains(&name(line).as_str()));
        kept.fold(String::new(), |head, line| head + line + "\r\n") + "Connection: close\r\n\r\n"
    }
}

/// The head of the request that waits to be read, without reading it.
fn peeked(client: &TcpStream) -> Result<String> {
    let mut bytes = vec![0; HEAD];
    loop {
        let there = client.peek(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes[..there]).into_owned();
        match text.find("\r\n\r\n") {
            Some(end) => return Ok(text[..end + 4].to_owned()),
            None if there == 0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            None => thread::yield_now(),
        }
    }
}

fn read(mut client: &TcpStream, length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    client.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The whole answer of the server, which says that the connection ends with it.
fn answer(server: SocketAddr, head: &str, body: &[u8]) -> Result<Vec<u8>> {
    let mut server = TcpStream::connect(server)?;
    server.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let first = answer.windows(2).position(|two| two == b"\r\n").map_or(0, |at| at + 2);
    if first > 0 {
        answer.splice(first..first, *b"Connection: close\r\n");
    }
    Ok(answer)
}

fn body_at(answer: &[u8]) -> usize {
    answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(answer.len(), |at| at + 4)
}
