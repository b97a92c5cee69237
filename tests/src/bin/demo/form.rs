//! The first half of the way: what is around, then the form, step by step.

use anyhow::{Context, ensure};
use journeys::lina;
use uuid::Uuid;

use super::{Demo, step};

impl Demo {
    // ── what is around ────────────────────────────────────────────────────────────────────────

    pub(super) async fn look_around(&mut self) -> anyhow::Result<()> {
        self.picture("landing").await?;
        self.window()?.press("Partenaires près de moi").await?;
        let window = self.window()?;
        window.shows("Partenaires près de moi").await?;
        window.types("town", "aurilac").await?;
        window.chooses("town-15014").await?;
        window.says("Du plus proche au plus loin").await?;
        self.picture("partners").await?;
        self.window()?.press("Carte").await?;
        self.window()?.sees("//canvas").await?;
        self.picture("map").await?;
        self.leave().await?;
        self.window()?.press("Bons plans").await?;
        self.window()?.shows("Bons plans près de moi").await?;
        self.picture("deals").await?;
        self.leave().await?;
        self.window()?.press("Questions fréquentes").await?;
        self.window()?.shows("Questions fréquentes").await?;
        self.picture("questions").await?;
        self.leave().await?;
        step("partners by distance, map, deals and questions shown without network");
        Ok(())
    }

    async fn leave(&self) -> anyhow::Result<()> {
        self.window()?.press("Retour").await?;
        self.window()?.shows("Ta carte Pass’Région").await
    }

    // ── the form ──────────────────────────────────────────────────────────────────────────────

    pub(super) async fn fill_in(&mut self) -> anyhow::Result<Uuid> {
        let window = self.window()?;
        window.press("Déposer une demande").await?;
        window.shows("La charte des droits et devoirs").await?;
        let place = window.place().await?;
        let draft: Uuid = place.split('/').nth(2).context("the draft's address")?.parse()?;
        self.picture("charter").await?;
        let window = self.window()?;
        window.chooses("charter").await?;
        window.press("Continuer").await?;
        window.shows("Qui es-tu\u{202f}?").await?;
        step("charter accepted");
        self.refuse_an_empty_identity().await?;
        self.identity().await?;
        self.account().await?;
        self.contact().await?;
        self.kill_while_typing(draft).await?;
        self.school().await?;
        self.track().await?;
        self.photo().await?;
        self.sending().await?;
        Ok(draft)
    }

    async fn refuse_an_empty_identity(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("Continuer").await?;
        window.says("Le nom est obligatoire.").await?;
        self.picture("identity-refused").await?;
        step("empty identity refused with its reasons");
        Ok(())
    }

    async fn identity(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.chooses("civility_MADAME").await?;
        for (id, typed) in [
            ("family_name", "Moreau"),
            ("given_name", "Lina"),
            ("birth_date_day", "7"),
            ("birth_date_month", "3"),
            ("birth_date_year", "2009"),
        ] {
            window.types(id, typed).await?;
        }
        window.says("Enregistré sur ce téléphone").await?;
        self.picture("identity").await?;
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Ton adresse mail et ton mot de passe").await?;
        step("identity kept");
        Ok(())
    }

    async fn account(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.types("email", "lina.moreau@gmial.com").await?;
        window.says("Voulais-tu dire lina.moreau@gmail.com").await?;
        self.picture("account-hint").await?;
        let window = self.window()?;
        for (id, typed) in [
            ("email", "lina.moreau@example.fr"),
            ("email_confirmation", "lina.moreau@example.fr"),
            ("password", lina::PASSWORD),
            ("password_confirmation", lina::PASSWORD),
        ] {
            window.types(id, typed).await?;
        }
        window.says("Enregistré sur ce téléphone").await?;
        window.press("Continuer").await?;
        window.shows("Comment te joindre\u{202f}?").await?;
        step("mail and password kept; a mistyped mail domain was noticed");
        Ok(())
    }

    async fn contact(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        for (id, typed) in [
            ("phone_number", "06 12 34 56 78"),
            ("address_line", "12, rue Blatin"),
            ("care_of", "Mme Martin"),
            ("postal_code", "63000"),
        ] {
            window.types(id, typed).await?;
        }
        window.says("Clermont-Ferrand").await?;
        self.picture("contact").await?;
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Où étudies-tu\u{202f}?").await?;
        step("contact kept");
        Ok(())
    }

    async fn kill_while_typing(&mut self, draft: Uuid) -> anyhow::Result<()> {
        self.kill_and_open_again().await?;
        let window = self.window()?;
        window.says("Lina Moreau").await?;
        window.says("brouillon").await?;
        self.picture("landing-with-draft").await?;
        let window = self.window()?;
        window.press("Lina Moreau").await?;
        window.shows("Où étudies-tu\u{202f}?").await?;
        ensure!(window.place().await?.contains(&draft.to_string()), "another draft opened");
        step("app killed with kill -9 and opened again: the draft is there");
        Ok(())
    }

    async fn school(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.types("school", "sidoine").await?;
        window.chooses("school-0630020E").await?;
        window.holds("school", "[TLP0678]").await?;
        window.says("Enregistré sur ce téléphone").await?;
        self.picture("school").await?;
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Quelle est ta filière\u{202f}?").await?;
        step("school found and kept");
        Ok(())
    }

    async fn track(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("Bac technologique").await?;
        window.chooses("track_STL").await?;
        window.says("Enregistré sur ce téléphone").await?;
        self.picture("track").await?;
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Ta photo d’identité").await?;
        step("track kept, in two taps");
        Ok(())
    }

    async fn sending(&mut self) -> anyhow::Result<()> {
        self.window()?.chooses("sending_ETABLISSEMENT").await?;
        self.picture("sending").await?;
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Vérifie tes réponses").await?;
        self.picture("check").await?;
        step("sent to the school; answers shown for checking");
        Ok(())
    }
}
