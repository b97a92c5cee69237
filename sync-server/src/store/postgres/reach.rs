//! How the database is reached: over TLS, unless it is on this machine or its address says otherwise.

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::Context;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Error, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{PATIENCE, SETTINGS};
use crate::config::Database;

/// Names the file of an authority (PEM) in an address, as libpq does.
const AUTHORITY: &str = "sslrootcert";
const MODE: &str = "sslmode";

/// A database that can be connected to.
#[derive(Clone)]
pub(super) struct Reach {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

/// What carries the bytes of a connection.
type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

impl Reach {
    /// Reads an address. Whatever is not on this machine has to speak TLS, under a certificate for its
    /// name by an authority that everybody believes, or by the one that `sslrootcert` names alone;
    /// only `sslmode=disable` is clear text elsewhere.
    pub(super) fn to(database: &Database) -> anyhow::Result<Self> {
        let (address, query) = database.url().split_once('?').unwrap_or((database.url(), ""));
        let (mut kept, mut authority, mut mode) = (Vec::new(), None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let named = url::form_urlencoded::parse(pair.as_bytes()).next();
            match named.as_ref().map(|(name, value)| (&**name, &**value)) {
                Some((AUTHORITY, file)) => authority = Some(file.to_owned()),
                Some((MODE, value)) => mode = Some(value.to_owned()),
                _ => kept.push(pair),
            }
        }
        let address = format!("{address}?{}", kept.join("&"));
        let mut config: Config = address.parse().context("this database address is not one")?;
        let clear = mode.map_or_else(|| is_here(&config), |mode| mode == "disable");
        let settings =
            config.get_options().map_or(SETTINGS.to_owned(), |own| format!("{own} {SETTINGS}"));
        // A connection that does not keep the whole program waiting when its other end is gone.
        config
            .ssl_mode(if clear { SslMode::Disable } else { SslMode::Require })
            .options(settings)
            .application_name("passregion")
            .connect_timeout(PATIENCE)
            .keepalives_idle(std::time::Duration::from_secs(30))
            .tcp_user_timeout(std::time::Duration::from_secs(15));
        Ok(Self { config, tls: MakeRustlsConnect::new(tls(authority.as_deref())?) })
    }

    /// A connection, and what has to be run for it.
    pub(super) async fn connect(&self) -> Result<(Client, Connection<Socket, Stream>), Error> {
        self.config.connect(self.tls.clone()).await
    }
}

fn tls(authority: Option<&str>) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    match authority {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let unreadable = "the authority of the database's certificate cannot be read";
            for certificate in CertificateDer::pem_file_iter(file).context(unreadable)? {
                roots.add(certificate.context(unreadable)?).context(unreadable)?;
            }
            anyhow::ensure!(!roots.is_empty(), "{unreadable}");
        }
    }
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions();
    Ok(versions?.with_root_certificates(roots).with_no_client_auth())
}

/// Whether every way of an address ends on this machine.
fn is_here(config: &Config) -> bool {
    let is_loopback = |name: &str| {
        name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => is_loopback(name),
        Host::Unix(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::path::PathBuf;
    use std::process::Command;

    use super::super::Postgres;
    use super::*;
    use crate::store::{Schema, Store, cluster};

    fn mode(address: &str) -> SslMode {
        Reach::to(&address.parse().unwrap()).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn clear_text_is_for_this_machine_or_for_who_asks_for_it() {
        for here in [
            "postgres://me@%2Frun%2Fpostgresql/dossiers",
            "postgres://me@localhost/dossiers",
            "postgres://me@127.0.0.1:5433,[::1]/dossiers?connect_timeout=3",
            "postgres://me@db.example.org/dossiers?sslmode=disable",
        ] {
            assert_eq!(mode(here), SslMode::Disable, "{here}");
        }
        for elsewhere in [
            "postgres://me@db.example.org/dossiers",
            "postgres://me@localhost,db.example.org/dossiers",
            "postgres://me@10.0.0.7/dossiers?sslmode=prefer",
            "postgres://me@localhost/dossiers?sslmode=verify-full",
        ] {
            assert_eq!(mode(elsewhere), SslMode::Require, "{elsewhere}");
        }
        let lost = "postgres://me@db.example.org/dossiers?sslrootcert=%2Fnowhere.pem";
        assert!(Reach::to(&lost.parse().unwrap()).is_err());
    }

    /// A PostgreSQL that lets in over TLS alone, on loopback. It ends with the test.
    struct Encrypted {
        programs: PathBuf,
        folder: PathBuf,
        port: u16,
    }

    impl Encrypted {
        /// None where PostgreSQL or openssl is not installed.
        fn start() -> Option<Self> {
            let programs = cluster::programs()?;
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let script = r#"
                set -eu
                as=; [ "$(id -u)" != 0 ] || as="runuser -u postgres --"
                command -v openssl > /dev/null || exit 0
                folder=$($as mktemp -d /tmp/passregion-postgres-XXXXXX)
                cd "$folder"
                $as openssl req -x509 -nodes -days 2 -subj /CN=database \
                    -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
                    -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE \
                    -keyout key.pem -out certificate.pem 2> /dev/null
                $as "$1/initdb" -D data -U tests -A trust -N > /dev/null
                echo "hostssl all all 127.0.0.1/32 trust" | $as tee data/pg_hba.conf > /dev/null
                $as "$1/pg_ctl" -D data -l log -w start -o "-p $2 -k $folder -c ssl=on \
                    -c listen_addresses=127.0.0.1 -c ssl_cert_file=$folder/certificate.pem \
                    -c ssl_key_file=$folder/key.pem" > /dev/null
                echo "$folder"
            "#;
            let mut start = Command::new("bash");
            start.args(["-c", script, "start"]).arg(&programs).arg(port.to_string());
            let told = start.output().unwrap();
            assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
            let folder = String::from_utf8(told.stdout).unwrap().trim().to_owned();
            (!folder.is_empty()).then(|| Self { programs, folder: folder.into(), port })
        }

        fn database(&self, query: &str) -> Database {
            format!("postgres://tests@127.0.0.1:{}/postgres?{query}", self.port).parse().unwrap()
        }
    }

    impl Drop for Encrypted {
        fn drop(&mut self) {
            let script = r#"
                as=; [ "$(id -u)" != 0 ] || as="runuser -u postgres --"
                cd "$2" && $as "$1/pg_ctl" -D data -m immediate stop > /dev/null; rm -rf "$2"
            "#;
            let mut end = Command::new("bash");
            end.args(["-c", script, "end"]).arg(&self.programs).arg(&self.folder);
            let _ = end.status();
        }
    }

    #[test]
    fn a_database_under_a_certificate_of_its_authority_is_reached_and_under_no_other() {
        let Some(encrypted) = Encrypted::start() else {
            eprintln!("skipped: PostgreSQL or openssl is not there");
            return;
        };
        let authority = encrypted.folder.join("certificate.pem");
        let known = format!("sslmode=require&sslrootcert={}", authority.display());
        let reached = |query: &str| super::super::schema_of(&encrypted.database(query));
        let never = Schema { applied: 0, known: reached(&known).unwrap().known };
        assert_eq!(reached(&known).unwrap(), never);
        assert!(reached("sslmode=require").is_err(), "nobody knows its authority");
        assert!(reached("sslmode=disable").is_err(), "this server wants TLS");
        // The whole of it: migrations, the pool, and the connection that listens.
        let (store, _pokes) = Postgres::open(&encrypted.database(&known)).unwrap();
        let store: &dyn Store = &store;
        let ssl = "SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
        assert!(store.write_now(move |db| db.exists(ssl, &[])).unwrap());
        assert_eq!(reached(&known).unwrap().applied, never.known);
    }
}
