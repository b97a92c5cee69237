//! Mail through TLS, to a real SMTP server.

use std::time::{Duration, Instant};

use journeys::World;
use journeys::mailbox::Mailbox;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_through_starttls_and_smtps_where_the_certificate_is_believed() {
    for how in ["starttls", "smtps"] {
        let Some(mailbox) = Mailbox::encrypted(how) else { return };
        let world = World::with(&mailbox);
        let lina = world.phone("Lina");
        lina.deposits().await;
        lina.syncs_until_quiet().await;
        assert!(mailbox.next().await.link().contains("/compte/"), "{how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_where_the_certificate_is_not_believed() {
    for how in ["starttls", "smtps"] {
        let Some(mailbox) = Mailbox::encrypted(how) else { return };
        let world = World::distrusting(&mailbox);
        let lina = world.phone("Lina");
        lina.deposits().await;
        lina.syncs_until_quiet().await;
        let since = Instant::now();
        while world.server_says("SELECT tries FROM mail") == "0" {
            assert!(since.elapsed() < Duration::from_secs(20), "{how}: nobody tries");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(world.server_says("SELECT count(*) FROM mail"), "1", "{how}: it waits");
        assert_eq!(mailbox.waiting(), 0, "{how}: nothing left");
    }
}
