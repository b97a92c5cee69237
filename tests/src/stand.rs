//! An event and its tablets: what an administrator does at the desk, and agents and students after.

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::StatusCode;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::desk::{Desk, csrf};
use crate::world::{Person, World};
use crate::{lina, picture};

/// The PIN of Nadia, who is on duty.
pub const PIN: &str = "271828";

impl Desk {
    /// Makes an event that begins today, and gives its address at the desk.
    pub async fn make_event(&self, days: i64) -> anyhow::Result<String> {
        let today = OffsetDateTime::now_utc().date();
        let last = today + Duration::days(days - 1);
        let page = self.get("/desk/stands").await?;
        let csrf = csrf(&page.html).context("the page has a form")?;
        let (first, last) = (today.to_string(), last.to_string());
        let fields = [
            ("csrf", csrf.as_str()),
            ("name", "Forum des lycées"),
            ("place", "Aurillac"),
            ("first_day", &first),
            ("last_day", &last),
            ("schools", "0630020E"),
            ("most_cards", "2000"),
        ];
        let answer = self.post("/desk/stands", &fields).await?;
        ensure!(answer.status == StatusCode::SEE_OTHER, "an event: {}", answer.html);
        let page = self.get("/desk/stands").await?.html;
        let (_, rest) = page.split_once("href=\"/desk/stands/").context("an event in the list")?;
        let id = rest.split('"').next().context("its address")?;
        Ok(format!("/desk/stands/{id}"))
    }

    /// The code of one more tablet of an event.
    pub async fn tablet_code(&self, event: &str) -> anyhow::Result<String> {
        let page = self.get(event).await?;
        let csrf = csrf(&page.html).context("the page has a form")?;
        let page = self.post(&format!("{event}/tablets"), &[("csrf", &csrf)]).await?.html;
        let (_, rest) = page.split_once("PRS1:").context("a code")?;
        Ok(format!("PRS1:{}", rest.split('<').next().context("its end")?))
    }

    /// Revokes the first tablet of an event.
    pub async fn revoke_tablet(&self, event: &str) -> anyhow::Result<()> {
        let page = self.get(event).await?.html;
        let csrf = csrf(&page).context("the page has a form")?;
        let (_, rest) = page.split_once("/desk/tablets/").context("a tablet")?;
        let id = rest.split('/').next().context("its name")?;
        let fields = [("csrf", csrf.as_str()), ("confirmed", "yes")];
        let answer = self.post(&format!("/desk/tablets/{id}/revoke"), &fields).await?;
        ensure!(answer.status.is_redirection(), "revoke: {}", answer.status);
        Ok(())
    }

    /// Has a stuck envelope of an event tried again.
    pub async fn retries(&self, event: &str, digest: &str) -> anyhow::Result<()> {
        let page = self.get(event).await?.html;
        let csrf = csrf(&page).context("the page has a form")?;
        let path = format!("/desk/envelopes/{digest}/retry");
        let answer = self.post(&path, &[("csrf", csrf.as_str())]).await?;
        ensure!(answer.status.is_redirection(), "retry: {}", answer.status);
        Ok(())
    }
}

impl World {
    /// Odile, who sends tablets to events.
    pub async fn administrator(&self) -> Desk {
        let file = self.server_data().join("server.sqlite");
        let database = rusqlite::Connection::open(file).expect("the server's database");
        let odile = "INSERT INTO reviewer (name, password_hash, role)
                     SELECT 'Odile', password_hash, 'administrator' FROM reviewer WHERE name <> 'Odile'
                     LIMIT 1 ON CONFLICT (name) DO NOTHING";
        database.execute(odile, []).expect("an administrator");
        self.desk_of("Odile").await
    }

    /// A tablet of an event, set up, with Nadia on duty.
    pub async fn stand(&self, name: &'static str, event: &str) -> Person {
        let tablet = self.phone(name);
        let code = self.administrator().await.tablet_code(event).await.expect("a code");
        tablet.does("stand_set_up", json!({ "code": code, "name": name })).await;
        tablet.does("stand_add_agent", json!({ "name": "Nadia", "pin": PIN })).await;
        tablet.does("stand_send", json!({})).await;
        tablet
    }
}

impl Person {
    /// Nadia signs in.
    pub async fn signs_in_at_the_stand(&self) {
        let agent = self.does("stand", json!({})).await["agents"][0]["id"].clone();
        self.does("stand_sign_in", json!({ "agent": agent, "pin": PIN })).await;
    }

    /// A student fills in the whole form, in a draft that Nadia began.
    pub async fn fills_at_the_stand(&self, draft: &str, given: &str, family: &str) {
        let charter = self.does("charter", json!({})).await;
        let accepted = json!({ "draft": draft, "version": charter["version"] });
        self.does("accept_charter", accepted).await;
        let plain = |name: &str| name.chars().filter(char::is_ascii_alphabetic).collect::<String>();
        let email = format!("{}.{}@example.fr", plain(given), plain(family)).to_lowercase();
        for (field, typed) in lina::answers() {
            let typed = match field {
                "given_name" => given,
                "family_name" => family,
                "email" => &email,
                // Asked by no screen of a stand.
                "email_confirmation" => continue,
                _ => typed,
            };
            self.does("set_field", lina::set_field(draft, field, typed)).await;
        }
        let picture = BASE64.encode(picture::good());
        let proof = self.does("open_picture", json!({ "draft": draft, "picture": picture })).await;
        self.does("keep_picture", lina::keep_picture(draft, &proof["framed"]["framing"])).await;
    }

    /// « Terminer », with Nadia beside the student; what the student is shown.
    pub async fn finishes_at_the_stand(&self, draft: &str) -> Value {
        self.does("stand_check", json!({ "draft": draft })).await;
        let finished = self.does("stand_finish", json!({ "draft": draft })).await;
        self.does("stand_close", json!({})).await;
        finished
    }

    /// All of it, for one student.
    pub async fn enrols(&self, given: &str, family: &str) -> Value {
        let draft = self.does("stand_start", json!({})).await["draft"].clone();
        let draft = draft.as_str().expect("a draft").to_owned();
        self.fills_at_the_stand(&draft, given, family).await;
        self.finishes_at_the_stand(&draft).await
    }

    /// Tries until everything that was finished has its receipt.
    pub async fn delivers(&self) -> Value {
        for _ in 0..50 {
            let view = self.does("stand_send", json!({})).await;
            if view["unsent"] == 0 {
                return view;
            }
        }
        panic!("it never came to rest: {}", self.does("stand", json!({})).await);
    }

    /// Scans the codes of a draft off this screen with another device.
    pub async fn hands_over(&self, draft: &str, to: &Self) -> Value {
        let codes = self.does("handover", json!({ "draft": draft })).await["codes"].clone();
        let mut taken = Value::Null;
        for code in codes.as_array().expect("codes") {
            taken = to.does("take_handover", json!({ "scanned": code["code"] })).await;
        }
        taken["draft"].clone()
    }
}
