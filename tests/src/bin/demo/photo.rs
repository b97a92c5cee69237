//! The photo: chosen as a file where there is no camera, hinted at and taken by the app's own where there
//! is one; judged, and kept.

use std::time::{Duration, Instant};

use anyhow::ensure;
use journeys::picture;
use journeys::scene::{Scene, Stance};

use super::{Demo, step};

/// The longest wait for the camera to take the photo by itself, all being right.
const STILL: Duration = Duration::from_secs(10);

impl Demo {
    pub(super) async fn photo(&mut self) -> anyhow::Result<()> {
        self.without_a_camera().await?;
        if let Some(frame) = std::env::var_os("DEMO_CAMERA_FRAME") {
            self.open_again_where(&[]).await?;
            self.at_the_camera().await?;
            self.picture("camera-reason").await?;
            self.held_by_somebody_else().await?;
            self.take(&Scene::before(frame.as_ref())?).await?;
            self.keep().await?;
        }
        self.window()?.press("Continuer").await?;
        self.window()?.shows("Où envoyer ta carte\u{202f}?").await
    }

    /// Nothing that looks like a camera: the app says so, and a file does as well.
    async fn without_a_camera(&mut self) -> anyhow::Result<()> {
        self.open_again_where(&[("GST_PLUGIN_PATH", ""), ("GST_PLUGIN_SYSTEM_PATH", "")]).await?;
        self.at_the_camera().await?;
        self.window()?.press("Ouvrir l’appareil photo").await?;
        self.window()?.shows("Pas d’appareil photo ici").await?;
        self.picture("camera-none").await?;
        let wrong = self.data.join("not-a-picture.jpg");
        std::fs::write(&wrong, b"%PDF-1.7 this is no picture")?;
        self.window()?.gives("picture", &wrong).await?;
        self.window()?.shows("Ta photo d’identité").await?;
        self.window()?.says("JPEG ou PNG uniquement").await?;
        step("without a camera: the app says so; a file that is no picture refused");
        self.choose().await?;
        self.keep().await
    }

    /// A camera that gives no picture, as there is none before it yet.
    async fn held_by_somebody_else(&mut self) -> anyhow::Result<()> {
        self.window()?.press("Ouvrir l’appareil photo").await?;
        self.window()?.shows("L’appareil photo est occupé").await?;
        self.picture("camera-busy").await?;
        step("camera that gives no picture: the app says so, and tries again when asked");
        Ok(())
    }

    /// From the list of drafts to the screen that says why a camera is asked for.
    async fn at_the_camera(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("Lina Moreau").await?;
        window.says("étape").await?;
        // Once there is a photo, the form goes on after it.
        if window.has("Où envoyer ta carte").await? {
            window.press("Retour").await?;
        }
        window.shows("Ta photo d’identité").await?;
        if window.has("Changer de photo").await? {
            window.press("Changer de photo").await?;
        }
        window.press("Prendre la photo").await?;
        window.shows("Prends ta photo").await
    }

    /// By the camera, which says what is wrong until all is right.
    async fn take(&mut self, scene: &Scene) -> anyhow::Result<()> {
        self.window()?.press("Réessayer").await?;
        for (stance, hint, name) in [
            (Stance::InTheDark, "Trop sombre", "camera-dark"),
            (Stance::Far, "Approche-toi", "camera-far"),
        ] {
            scene.shows(stance)?;
            self.window()?.says(hint).await?;
            self.picture(name).await?;
        }
        scene.shows(Stance::Right)?;
        if self.is_judged_within(STILL).await? {
            step("camera opened; in the dark and from afar hinted at; photo taken by itself");
        } else {
            self.window()?.press("Prendre la photo").await?;
            step("camera opened; in the dark and from afar hinted at; photo taken by its button");
        }
        Ok(())
    }

    /// Waits for the verdict; what the camera says before, if all is right, is worth a picture.
    async fn is_judged_within(&mut self, patience: Duration) -> anyhow::Result<bool> {
        let since = Instant::now();
        let mut is_good = false;
        while since.elapsed() < patience {
            if self.window()?.has("Je recommence").await? {
                return Ok(true);
            }
            if !is_good && self.window()?.has("C’est bon").await? {
                is_good = true;
                self.picture("camera-good").await?;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(false)
    }

    /// As a file of twelve megapixels, as a phone's own camera leaves it.
    async fn choose(&mut self) -> anyhow::Result<()> {
        let right = self.data.join("lina.jpg");
        std::fs::write(&right, picture::good_from_a_camera())?;
        self.window()?.gives("picture", &right).await?;
        Ok(())
    }

    async fn keep(&mut self) -> anyhow::Result<()> {
        self.window()?.says("Je recommence").await?;
        self.picture("proof").await?;
        let window = self.window()?;
        ensure!(window.has("Je garde").await?, "the photo does not keep the rules");
        // Asked where hair is taken for a hat.
        if window.has("Je suis tête nue").await? {
            window.chooses("bare_head").await?;
        }
        window.press("Je garde").await?;
        window.sees("//figure//img[starts-with(@alt, 'Ta photo')]").await?;
        window.says("Enregistré sur ce téléphone").await?;
        window.scrolls_to("figure img").await?;
        self.picture("photo").await?;
        step("photo judged and kept");
        Ok(())
    }
}
