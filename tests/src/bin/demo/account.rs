//! The account: activated by the link of its mail, signed in to; and the card under a verifier's eyes.

use anyhow::{Context, ensure};
use dossier::number::DossierNumber;
use journeys::desk::Desk;
use journeys::lina;
use url::Url;

use super::{Demo, step};

impl Demo {
    /// Follows the link of the mail, as in a browser; it is on the mailbox's page too.
    pub(super) async fn activate(&mut self, number: &DossierNumber) -> anyhow::Result<()> {
        let mail = self.mailbox.next().await;
        ensure!(mail.text.contains(&number.to_string()), "the mail names another dossier");
        let link = Url::parse(mail.link())?;
        let page: Url = self.mailbox.page.as_deref().context("a page")?.parse()?;
        let shown = Desk::anonymous(page).get("/").await?;
        ensure!(shown.html.contains(link.as_str()), "the page of the mailbox does not show it");
        step("activation mail came by SMTP; the mailbox's page shows it");
        let browser = Desk::anonymous(self.server.url.clone());
        let asked = browser.get(link.path()).await?;
        ensure!(asked.html.contains("Activer mon compte"), "the link leads to {}", asked.status);
        let done = browser.post(link.path(), &[]).await?;
        ensure!(done.html.contains("Ton compte est activé"), "the link answers {}", done.status);
        let active: i64 =
            self.server.says("SELECT count(*) FROM account WHERE activated_ms > 0")?;
        ensure!(active == 1, "{active} accounts are active");
        step("account activated by the link of the mail");
        Ok(())
    }

    /// Signs in with number and password, as on any other phone.
    pub(super) async fn sign_in(&mut self, number: &DossierNumber) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("Retour").await?;
        window.shows("Ta carte Pass’Région").await?;
        window.press("J’ai déjà un dossier").await?;
        window.shows("Me connecter").await?;
        window.types("number", &number.to_string()).await?;
        window.types("password", lina::PASSWORD).await?;
        self.picture("sign-in").await?;
        let window = self.window()?;
        window.press("Me connecter").await?;
        window.shows("Ta demande est arrivée").await?;
        step("signed in with number and password");
        Ok(())
    }

    /// Verifies the card that this very window just showed, without network.
    pub(super) async fn verify_in_the_app(&mut self) -> anyhow::Result<()> {
        let code = self.read_code("card-code-to-verify").await?;
        let window = self.window()?;
        window.press("Retour").await?;
        window.shows("Ta demande est acceptée").await?;
        window.press("Retour").await?;
        window.shows("Ta carte Pass’Région").await?;
        window.press("Vérifier une carte").await?;
        window.shows("Vérifier une carte").await?;
        window.types("code", &code).await?;
        window.press("Vérifier").await?;
        window.shows("Carte valable").await?;
        window.says("Lina Moreau").await?;
        self.picture("verified").await?;
        let window = self.window()?;
        window.press("Retour").await?;
        window.shows("Vérifier une carte").await?;
        window.press("Retour").await?;
        window.shows("Ta carte Pass’Région").await?;
        window.press("Lina Moreau").await?;
        window.shows("Ma carte").await?;
        step("card verified in the app without network");
        Ok(())
    }
}
