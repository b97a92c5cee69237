//! The app's real window, as a hand and an eye use it: text to read, fields to type in, buttons.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, json};

/// Longest wait for something to appear: the courier's longest pause, and some.
const PATIENCE: Duration = Duration::from_secs(60);
const BLINK: Duration = Duration::from_millis(50);

/// An open window.
pub struct Window {
    client: Client,
    screens: PathBuf,
}

impl Window {
    /// Opens the app through a driver that was just started.
    pub async fn open(port: u16, app: &Path, screens: &Path) -> anyhow::Result<Self> {
        let mut capabilities = Map::new();
        capabilities.insert("browserName".into(), json!("wry"));
        capabilities.insert("tauri:options".into(), json!({ "application": app }));
        let address = format!("http://127.0.0.1:{port}");
        let since = Instant::now();
        loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(client) => return Ok(Self { client, screens: screens.to_owned() }),
                // The driver needs a moment before it listens, and one after a killed app.
                Err(error) if since.elapsed() > PATIENCE => {
                    return Err(error).context("the window opens");
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// Waits until the screen with this heading is there.
    pub async fn shows(&self, heading: &str) -> anyhow::Result<()> {
        let there = format!("//h1[normalize-space()={}]", quoted(heading));
        self.find(&there).await.map(drop).with_context(|| format!("the screen « {heading} »"))
    }

    /// Waits until this text stands somewhere on the screen.
    pub async fn says(&self, text: &str) -> anyhow::Result<()> {
        let there = format!("//body[contains(normalize-space(.), {})]", quoted(text));
        self.find(&there).await.map(drop).with_context(|| format!("the text « {text} »"))
    }

    /// Whether this text stands somewhere on the screen now.
    pub async fn has(&self, text: &str) -> anyhow::Result<bool> {
        let there = format!("//body[contains(normalize-space(.), {})]", quoted(text));
        Ok(!self.all(&there).await?.is_empty())
    }

    /// Presses the button or the link whose name contains this.
    pub async fn press(&self, text: &str) -> anyhow::Result<()> {
        let words = quoted(text);
        let button = format!(
            "//*[self::button or self::a]\
             [contains(normalize-space(.), {words}) or contains(@aria-label, {words})]"
        );
        // A hand does not press what is still moving: the press would land on a neighbour.
        let mut before = None;
        loop {
            self.rests().await?;
            // Found anew each time: the screen may have been drawn anew.
            let there = self.find(&button).await;
            let there = there.with_context(|| format!("the button « {text} »"))?;
            let now = there.rectangle().await.ok();
            if now.is_some() && now == before {
                return Ok(there.click().await?);
            }
            before = now;
            tokio::time::sleep(BLINK).await;
        }
    }

    /// A finger stays on the screen until the next page: a slow machine is no student who went away.
    pub async fn touches(&self) -> anyhow::Result<()> {
        let touching = "setInterval(() => dispatchEvent(new Event('pointerdown')), 1000)";
        self.client.execute(touching, Vec::new()).await?;
        Ok(())
    }

    /// Taps one button after the other, each named by one digit.
    pub async fn taps(&self, digits: &str) -> anyhow::Result<()> {
        for digit in digits.chars() {
            self.find(&format!("//button[normalize-space()='{digit}']")).await?.click().await?;
        }
        Ok(())
    }

    /// Types into a field in place of what stands there.
    pub async fn types(&self, id: &str, text: &str) -> anyhow::Result<()> {
        let field = self.by_id(id).await?;
        // Between the bars that stay: a hand does not type in what lies under them.
        self.scrolls_to(&format!("#{id}")).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Gives a file to a file field.
    pub async fn gives(&self, id: &str, file: &Path) -> anyhow::Result<()> {
        // The field is out of sight; its label is what people press.
        let css = format!("#{id}");
        let field = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&css)).await?;
        Ok(field.send_keys(&file.to_string_lossy()).await?)
    }

    /// Chooses a radio button, a checkbox or an option by its id.
    pub async fn chooses(&self, id: &str) -> anyhow::Result<()> {
        // The browser's own click: the input itself may lie under its drawn label.
        self.client.wait().at_most(PATIENCE).for_element(Locator::Id(id)).await?;
        let script = "document.getElementById(arguments[0]).click()";
        self.client.execute(script, vec![json!(id)]).await?;
        Ok(())
    }

    /// What stands in an element.
    pub async fn reads(&self, id: &str) -> anyhow::Result<String> {
        Ok(self.by_id(id).await?.text().await?)
    }

    /// The text of an element, as soon as it can be read as what it should be.
    pub async fn reads_as<T>(
        &self,
        id: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> anyhow::Result<T> {
        let since = Instant::now();
        loop {
            let text = self.reads(id).await?;
            if let Some(read) = read(&text) {
                return Ok(read);
            }
            ensure!(since.elapsed() < PATIENCE, "#{id} shows « {text} »");
            tokio::time::sleep(BLINK).await;
        }
    }

    /// Waits until a field holds this text.
    pub async fn holds(&self, id: &str, text: &str) -> anyhow::Result<()> {
        let since = Instant::now();
        loop {
            let value = self.by_id(id).await?.prop("value").await?.unwrap_or_default();
            if value.contains(text) {
                return Ok(());
            }
            if since.elapsed() > PATIENCE {
                bail!("#{id} holds « {value} », not « {text} »");
            }
            tokio::time::sleep(BLINK).await;
        }
    }

    /// The part of the address that names the screen.
    pub async fn place(&self) -> anyhow::Result<String> {
        let place = self.client.execute("return location.hash", Vec::new()).await?;
        Ok(place.as_str().unwrap_or_default().to_owned())
    }

    /// Takes a picture of the screen at rest, keeps it under this name, and gives it back.
    pub async fn picture(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        self.rests().await?;
        let png = self.client.screenshot().await?;
        std::fs::write(self.screens.join(format!("{name}.png")), &png)?;
        Ok(png)
    }

    /// Waits until an element is there and in sight.
    pub async fn sees(&self, xpath: &str) -> anyhow::Result<()> {
        self.find(xpath).await.map(drop).with_context(|| xpath.to_owned())
    }

    /// Brings an element into sight.
    pub async fn scrolls_to(&self, css: &str) -> anyhow::Result<()> {
        let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
        self.client.execute(script, vec![json!(css)]).await?;
        Ok(())
    }

    /// Waits until nothing slides or fades any more; what moves for ever does not count.
    async fn rests(&self) -> anyhow::Result<()> {
        let moving = "return document.getAnimations().some((moving) =>
            moving.playState === 'running' && moving.effect?.getTiming().iterations !== Infinity)";
        let since = Instant::now();
        while self.client.execute(moving, Vec::new()).await? == json!(true) {
            if since.elapsed() > PATIENCE {
                bail!("the screen never comes to rest");
            }
            tokio::time::sleep(BLINK).await;
        }
        // What was decided last is painted with the second frame.
        let painted = "return new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        self.client.execute(painted, Vec::new()).await?;
        Ok(())
    }

    async fn by_id(&self, id: &str) -> anyhow::Result<Element> {
        self.find(&format!("//*[@id={}]", quoted(id))).await.with_context(|| format!("#{id}"))
    }

    /// Waits until something is there and in sight.
    async fn find(&self, xpath: &str) -> anyhow::Result<Element> {
        let since = Instant::now();
        loop {
            for element in self.all(xpath).await? {
                if element.is_displayed().await.unwrap_or(false) {
                    return Ok(element);
                }
            }
            if since.elapsed() > PATIENCE {
                let text = self.client.execute("return document.body.innerText", vec![]).await?;
                bail!("not there after {PATIENCE:?}; the screen says:\n{text}");
            }
            tokio::time::sleep(BLINK).await;
        }
    }

    /// Everything that is there. The driver fails on what goes while it counts: asked again, it is gone.
    async fn all(&self, xpath: &str) -> anyhow::Result<Vec<Element>> {
        let since = Instant::now();
        loop {
            match self.client.find_all(Locator::XPath(xpath)).await {
                Err(CmdError::Standard(_)) if since.elapsed() < PATIENCE => {
                    tokio::time::sleep(BLINK).await;
                }
                found => return Ok(found?),
            }
        }
    }
}

/// A text inside an `XPath`, which has no way to escape a quote.
fn quoted(text: &str) -> String {
    if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") }
}
