//! A way to the server that breaks after so many bytes, whichever way they went.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What passes through one step: small, so that a cut falls between any two bytes.
const STEP: usize = 4096;

/// A listener on loopback that passes everything on, until it breaks.
pub struct Breaking {
    /// Where to connect to instead of the server.
    pub address: SocketAddr,
    way: Arc<Way>,
}

struct Way {
    server: SocketAddr,
    left: AtomicI64,
    passed: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
}

impl Breaking {
    /// A whole way to this server.
    pub fn to(server: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let (left, passed, open) =
            (AtomicI64::new(i64::MAX), AtomicUsize::new(0), Mutex::default());
        let way = Arc::new(Way { server, left, passed, open });
        let carrier = Arc::downgrade(&way);
        std::thread::spawn(move || {
            for phone in listener.incoming() {
                let Some(way) = carrier.upgrade() else { return };
                if let Ok(phone) = phone {
                    // A connection that cannot be made is one more that breaks.
                    let _ = way.carry(phone);
                }
            }
        });
        Ok(Self { address, way })
    }

    /// From now on, this many bytes pass; then both sides are closed, and whoever comes after.
    pub fn breaks_after(&self, bytes: usize) {
        self.way.passed.store(0, Ordering::SeqCst);
        self.way.left.store(bytes as i64, Ordering::SeqCst);
    }

    /// The way is whole again, for new connections.
    pub fn mend(&self) {
        self.way.close();
        self.way.left.store(i64::MAX, Ordering::SeqCst);
    }

    /// How many bytes passed since the way was last told when to break.
    pub fn passed(&self) -> usize {
        self.way.passed.load(Ordering::SeqCst)
    }
}

impl Drop for Breaking {
    fn drop(&mut self) {
        self.way.left.store(0, Ordering::SeqCst);
        self.way.close();
        // The last reference ends the listener; somebody must knock for it to notice.
        let address = self.address;
        self.way = Arc::new(Way {
            server: address,
            left: AtomicI64::new(0),
            passed: AtomicUsize::new(0),
            open: Mutex::default(),
        });
        let _ = TcpStream::connect(address);
    }
}

impl Way {
    fn carry(self: &Arc<Self>, phone: TcpStream) -> std::io::Result<()> {
        if self.left.load(Ordering::SeqCst) <= 0 {
            return phone.shutdown(Shutdown::Both);
        }
        let server = TcpStream::connect(self.server)?;
        for stream in [&phone, &server] {
            stream.set_nodelay(true)?;
            self.open.lock().unwrap_or_else(PoisonError::into_inner).push(stream.try_clone()?);
        }
        for (from, to) in [(phone.try_clone()?, server.try_clone()?), (server, phone)] {
            let way = Arc::downgrade(self);
            std::thread::spawn(move || {
                let (mut from, mut to, mut bytes) = (from, to, vec![0; STEP]);
                while let Ok(read @ 1..) = from.read(&mut bytes) {
                    let Some(way) = way.upgrade() else { break };
                    let left = way.left.fetch_sub(read as i64, Ordering::SeqCst);
                    let may = usize::try_from(left).unwrap_or(0).min(read);
                    way.passed.fetch_add(may, Ordering::SeqCst);
                    if to.write_all(&bytes[..may]).is_err() {
                        break;
                    }
                    if may < read || left == read as i64 {
                        way.close();
                        break;
                    }
                }
                let _ = to.shutdown(Shutdown::Both);
            });
        }
        Ok(())
    }

    fn close(&self) {
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}
