//! The wire between the clients and the HTTP server, which can be cut.
//!
//! The server library always answers and keeps its connections to itself, so that an upload whose answer is lost cannot
//! be had from it. It listens behind this relay instead: bytes go through unchanged, and a connection can be closed in
//! the middle. Nothing here knows HTTP.

use std::io;
use std::net::Ipv4Addr;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::tools::system::clock;

/// How long after a connection was made the server is nudged.
const NUDGE_AFTER: Duration = Duration::from_millis(40);

/// A relay on a free port of 127.0.0.1.
#[derive(Debug)]
pub(crate) struct Wire {
    address: SocketAddr,
    connections: Arc<Connections>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Connections {
    open: Mutex<Vec<Connection>>,
    is_closed: AtomicBool,
}

/// The two ends of one connection.
#[derive(Debug)]
struct Connection {
    /// Where the server thinks that the client is.
    seen_as: SocketAddr,
    client: TcpStream,
    server: TcpStream,
}

impl Wire {
    /// Listens on this port, or on a free one where it is taken or 0, and passes on to `server`.
    pub(crate) fn start(server: SocketAddr, port: u16) -> io::Result<Self> {
        let listen = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = listen(port).or_else(|_| listen(0))?;
        let address = listener.local_addr()?;
        let connections = Arc::new(Connections::default());
        let open = Arc::clone(&connections);
        let accepting = Mutex::new(Some(thread::spawn(move || accept(&listener, server, &open))));
        Ok(Self { address, connections, accepting })
    }

    /// Where clients connect to.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes the connection of the client that the server sees at this address.
    pub(crate) fn cut(&self, seen_as: SocketAddr) {
        self.connections.lock().iter().filter(|open| open.seen_as == seen_as).for_each(Connection::cut);
    }

    /// Closes all connections and takes no new one. The port is free afterwards.
    pub(crate) fn close(&self) {
        self.connections.is_closed.store(true, Ordering::SeqCst);
        self.connections.lock().iter().for_each(Connection::cut);
        // Wakes the thread that waits for a client; it ends, and its listener with it.
        let is_awake = TcpStream::connect(self.address).is_ok();
        let accepting = self.accepting.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A panic in that thread has been told where it happened.
        accepting.into_iter().filter(|_| is_awake).for_each(|accepting| accepting.join().unwrap_or(()));
    }
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for the closing under the lock under which all are cut, so that none slips through.
    fn keep(&self, connection: Connection) {
        let mut open = self.lock();
        if self.is_closed.load(Ordering::SeqCst) {
            connection.cut();
        }
        open.push(connection);
    }
}

impl Connection {
    fn to(server: SocketAddr, client: TcpStream) -> io::Result<Self> {
        let server = TcpStream::connect(server)?;
        server.set_nodelay(true)?;
        client.set_nodelay(true)?;
        Ok(Self { seen_as: server.local_addr()?, client, server })
    }

    /// What cannot be shut down is closed already.
    fn cut(&self) {
        self.client.shutdown(Shutdown::Both).unwrap_or(());
        self.server.shutdown(Shutdown::Both).unwrap_or(());
    }

    fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { seen_as: self.seen_as, client: self.client.try_clone()?, server: self.server.try_clone()? })
    }

    /// Passes on until both sides have ended. A side that ends in the middle was cut, or the other one has gone away.
    fn relay(&self) {
        thread::scope(|both| {
            both.spawn(|| pass(&self.client, &self.server));
            pass(&self.server, &self.client);
        });
    }
}

fn accept(listener: &TcpListener, server: SocketAddr, connections: &Arc<Connections>) {
    for client in listener.incoming() {
        if connections.is_closed.load(Ordering::SeqCst) {
            return;
        }
        // A connection that cannot be made is one that the client sees closed.
        let made = client.and_then(|client| Connection::to(server, client));
        if let Ok((connection, kept)) = made.and_then(|made| Ok((made.try_clone()?, made))) {
            connections.keep(kept);
            thread::spawn(move || nudge(server));
            let connections = Arc::clone(connections);
            thread::spawn(move || {
                connection.relay();
                connections.lock().retain(|open| open.seen_as != connection.seen_as);
            });
        }
    }
}

/// The server library queues a connection for a thread that is about to take another one, when two come at once, and
/// then lets it wait until some connection is closed: clients that keep theirs open never close it. One more connection
/// that ends at once brings a free thread to the queue.
fn nudge(server: SocketAddr) {
    clock::pause(NUDGE_AFTER);
    drop(TcpStream::connect(server));
}

fn pass(mut from: &TcpStream, mut to: &TcpStream) {
    io::copy(&mut from, &mut to).unwrap_or(0);
    to.shutdown(Shutdown::Write).unwrap_or(());
}
