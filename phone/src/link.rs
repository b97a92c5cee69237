//! The link of a mail that was opened on this phone: held in memory until it was followed or left.
//!
//! The screens never hold it: they ask what it is for and say that it is to be followed.

use dossier::account::{FollowAsk, Link, LinkAsk, LinkStanding};
use hyper::Method;
use std::sync::PoisonError;
use url::Url;

use crate::Phone;
use crate::account::same;
use crate::trouble::Trouble;
use crate::view::LinkView;

impl Phone {
    /// Takes an address that the system handed to the app. Whether it is a link of our own server:
    /// whatever else another app may hand over is left alone.
    pub fn open_link(&self, address: &str) -> bool {
        let link = link_of(&self.server, address);
        if link.is_some() {
            self.set_link(link);
        }
        link.is_some()
    }

    /// Whether a link waits to be followed.
    pub(crate) fn link_waits(&self) -> bool {
        self.link().is_some()
    }

    /// What the link that waits is for. Nothing is spent.
    pub(crate) fn look_at_link(&self) -> Result<LinkView, Trouble> {
        let link = self.link().ok_or(Trouble::WrongCode)?;
        let path = "/v1/link".to_owned();
        let told: LinkStanding = self.answer_of(Method::POST, path, Some(&LinkAsk { link }))?;
        let LinkStanding { purpose, dossier, number_masked, needs_password } = told;
        let is_here = self.store().draft(dossier.as_bytes()).is_ok();
        Ok(LinkView { purpose, draft: is_here.then_some(dossier), number_masked, needs_password })
    }

    /// Does what the link that waits is for; it waits on when that did not go well.
    pub(crate) fn follow_link(
        &self,
        typed: Option<String>,
        confirmation: Option<String>,
    ) -> Result<(), Trouble> {
        let link = self.link().ok_or(Trouble::WrongCode)?;
        let confirmation = confirmation.unwrap_or_default();
        let password = typed.map(|typed| same(&typed, &confirmation)).transpose()?;
        let ask = FollowAsk { link, password };
        self.done(Method::PUT, "/v1/link".to_owned(), Some(&ask))?;
        self.leave_link();
        self.wake();
        Ok(())
    }

    /// Forgets the link that waits.
    pub(crate) fn leave_link(&self) {
        self.set_link(None);
    }

    fn link(&self) -> Option<Link> {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_link(&self, link: Option<Link>) {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }
}

/// The link in an address, if it is one of this server's.
fn link_of(server: &Url, address: &str) -> Option<Link> {
    let address = Url::parse(address).ok()?;
    if address.origin() != server.origin() || !address.username().is_empty() {
        return None;
    }
    Link::parse(address.path().strip_prefix(Link::PATH)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_of_our_own_server_are_taken() {
        let server = Url::parse("https://pass.example.org").unwrap();
        let end = "a7".repeat(16);
        for (address, is_ours) in [
            (format!("https://pass.example.org/compte/{end}"), true),
            (format!("https://pass.example.org:443/compte/{end}?utm_source=mail"), true),
            (format!("http://pass.example.org/compte/{end}"), false),
            (format!("https://pass.example.org:8443/compte/{end}"), false),
            (format!("https://pass.example.org.evil.example/compte/{end}"), false),
            (format!("https://evil@pass.example.org/compte/{end}"), false),
            (format!("https://pass.example.org/desk/compte/{end}"), false),
            (format!("https://pass.example.org/compte/{end}00"), false),
            (format!("passregion://pass.example.org/compte/{end}"), false),
            (format!("data:text/plain,/compte/{end}"), false),
            ("content://media/picture".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(link_of(&server, &address).is_some(), is_ours, "{address}");
        }
    }
}
