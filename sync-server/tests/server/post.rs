//! Mail servers that refuse, hang, hang up, and are away for a day.

use crate::phone::Phone;
use crate::postman::{Mood, Postman};
use crate::world::Server;

const HOUR_MS: i64 = 60 * 60_000;

fn waiting(server: &Server) -> i64 {
    server.sql("SELECT count(*) FROM mail")
}

#[tokio::test]
async fn a_server_that_refuses_for_now_hangs_or_hangs_up_gets_the_mail_later_once() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    for (letter, mood) in [
        (1, Mood::Refuses("451 come back later")),
        (2, Mood::Refuses("421 too busy")),
        (3, Mood::Refuses("535 who are you")),
        (4, Mood::Refuses("554 we do not know you")),
        (5, Mood::Hangs),
        (6, Mood::HangsUp),
    ] {
        let lina = Phone::deposited(&server, letter).await;
        postman.is(mood);
        server.app.send_due_mail().await;
        assert_eq!((postman.brings().len(), waiting(&server)), (0, 1), "{mood:?}");
        postman.is(Mood::Takes);
        server.app.send_due_mail().await;
        assert_eq!(postman.brings().len(), 0, "{mood:?}: not at once");
        server.wait_ms(HOUR_MS);
        server.app.send_due_mail().await;
        let mail = postman.brings_one();
        assert!(mail.text.contains(&lina.number.to_string()), "{mood:?}");
        assert_eq!(waiting(&server), 0, "{mood:?}");
        let answer = lina.activate(&server, &mail.code()).await;
        assert!(answer.status.is_success(), "{mood:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_given_up_at_once() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    Phone::deposited(&server, 1).await;
    postman.is(Mood::Refuses("550 no such mailbox"));
    server.app.send_due_mail().await;
    assert_eq!((postman.brings().len(), waiting(&server)), (0, 0));
}

#[tokio::test]
async fn a_mail_that_was_taken_without_a_word_comes_twice_under_one_message_id() {
    let postman = Postman::start().await;
    let mut server = Server::with(&postman).await;
    let lina = Phone::deposited(&server, 1).await;
    postman.is(Mood::TakesAndHangsUp);
    server.app.send_due_mail().await;
    let first = postman.brings_one();
    postman.is(Mood::Takes);
    server.wait_ms(HOUR_MS);
    server.restart();
    server.app.send_due_mail().await;
    let second = postman.brings_one();
    assert!(first.header("Message-ID").ends_with("@region.example>"), "{}", first.headers);
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    assert_eq!((first.link(), first.code()), (second.link(), second.code()));
    assert!(lina.activate(&server, &first.code()).await.status.is_success());
    server.wait_ms(HOUR_MS);
    server.app.send_due_mail().await;
    assert_eq!((postman.brings().len(), waiting(&server)), (0, 0));
}

#[tokio::test]
async fn after_a_day_without_a_mail_server_every_mail_is_delivered_once_and_its_code_is_good() {
    let postman = Postman::start().await;
    let mut server = Server::with(&postman).await;
    let mut phones = Vec::new();
    for letter in 1..=5 {
        phones.push(Phone::deposited(&server, letter).await);
    }
    postman.is(Mood::HangsUp);
    for quarter in 0..96 {
        server.wait_ms(HOUR_MS / 4);
        server.app.send_due_mail().await;
        if quarter == 40 {
            server.restart();
        }
    }
    assert_eq!(waiting(&server), 5);
    let tries: i64 = server.sql("SELECT max(tries) FROM mail");
    assert!((20..=60).contains(&tries), "it slows down: {tries}");
    postman.is(Mood::Takes);
    for _ in 0..8 {
        server.wait_ms(HOUR_MS / 4);
        server.app.send_due_mail().await;
    }
    let mails = postman.brings();
    assert_eq!((mails.len(), waiting(&server)), (5, 0));
    let mut ids: Vec<String> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    for phone in &phones {
        let number = phone.number.to_string();
        let mail = mails.iter().find(|mail| mail.text.contains(&number)).unwrap();
        assert!(server.ask(crate::account::press(&mail.link(), "")).await.status.is_success());
    }
}

#[tokio::test]
async fn a_mail_that_nobody_takes_for_days_is_given_up() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    Phone::deposited(&server, 1).await;
    postman.is(Mood::HangsUp);
    for _ in 0..97 {
        server.wait_ms(HOUR_MS);
        server.app.send_due_mail().await;
    }
    assert_eq!(waiting(&server), 0);
}

#[tokio::test]
async fn without_a_mail_server_mails_wait_and_leave_when_one_is_named() {
    let server = Server::start().await;
    Phone::deposited(&server, 1).await;
    server.app.send_due_mail().await;
    assert_eq!(waiting(&server), 1);
    assert_eq!(server.sql::<i64>("SELECT tries FROM mail"), 0);
}
