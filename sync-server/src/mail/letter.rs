//! What mails say, in French; students are addressed as « tu ».

use dossier::number::DossierNumber;

use crate::store::mail::{About, Claimed, Kind};

/// A mail as it is read.
pub(super) struct Letter {
    pub(super) subject: &'static str,
    pub(super) body: String,
}

const NOT_YOU: &str = "Si ce n’est pas toi qui l’as demandé, ne fais rien\u{a0}: rien ne change.";
const SIGNED: &str = "Ceci est un message automatique\u{a0}: personne ne lit les réponses.\n\
     Nous ne te demanderons jamais ton mot de passe par mail.";

/// The words of a mail; none when there is nothing to tell any more: its dossier was erased.
pub(super) fn letter(mail: &Claimed, links: Option<&str>) -> Option<Letter> {
    let first = mail.about.first();
    let (subject, text) = match mail.kind {
        Kind::Activation => ("Active ton compte Pass’Région", activation(mail, first?, links?)?),
        Kind::Reset => ("Choisis un nouveau mot de passe", reset(mail, first?, links?)?),
        Kind::Address => ("Confirme ta nouvelle adresse mail", address(mail, first?, links?)?),
        Kind::Numbers if mail.about.is_empty() => return None,
        Kind::Numbers => ("Ton numéro de dossier", numbers(&mail.about)),
        Kind::PasswordChanged => ("Ton mot de passe a changé", password_changed(first?)),
        Kind::AddressChanged => ("Ton adresse mail a changé", address_changed(first?)),
        Kind::ToCorrect => ("Ta demande est à corriger", to_correct(first?)),
        Kind::Erased => ("Tes données sont effacées", ERASED.to_owned()),
    };
    let name = first.filter(|_| mail.kind != Kind::Numbers);
    let hello = name.map_or("Bonjour,".to_owned(), |it| format!("Bonjour {},", it.given_name));
    Some(Letter { subject, body: format!("{hello}\n\n{text}\n\n-- \n{SIGNED}\n") })
}

/// Link and code of a mail that has both.
fn ways(mail: &Claimed, links: &str, what_for: &str) -> Option<String> {
    let secret = mail.secret?;
    let (link, code) = (secret.link().path(), secret.code());
    Some(format!(
        "{links}{link}\n\nOu recopie ce code dans l’application, {what_for}\u{a0}:\n\n\
         {code}\n\n\
         Le code marche 10\u{a0}minutes, et une seule fois. Trop tard\u{202f}? Demandes-en un autre \
         dans l’application."
    ))
}

fn activation(mail: &Claimed, about: &About, links: &str) -> Option<String> {
    let password = if about.has_password { "" } else { " Tu y choisiras ton mot de passe." };
    let number = number(&about.number);
    let ways = ways(mail, links, "à la page «\u{a0}Mon compte\u{a0}»")?;
    Some(format!(
        "Ta demande de Pass’Région est bien arrivée. Ton numéro de dossier\u{a0}: {number}\n\
         Garde-le\u{a0}: il te servira à te connecter.\n\n\
         Pour activer ton compte, ouvre ce lien dans les trois jours.{password}\n\n{ways}\n\n\
         Si tu n’as pas déposé de demande, ne fais rien\u{a0}: le compte restera inactif."
    ))
}

fn reset(mail: &Claimed, about: &About, links: &str) -> Option<String> {
    let number = number(&about.number);
    let ways = ways(mail, links, "à la page «\u{a0}Mot de passe oublié\u{a0}»")?;
    Some(format!(
        "Tu as oublié le mot de passe du dossier {number}\u{202f}? Choisis-en un autre dans \
         l’heure\u{a0}:\n\n{ways}\n\nTous tes appareils seront alors déconnectés.\n\n{NOT_YOU}"
    ))
}

fn address(mail: &Claimed, about: &About, links: &str) -> Option<String> {
    let number = number(&about.number);
    let ways = ways(mail, links, "à la page «\u{a0}Mon compte\u{a0}»")?;
    Some(format!(
        "Tu veux utiliser cette adresse pour le dossier {number}. Confirme qu’elle est bien à \
         toi\u{a0}:\n\n{ways}\n\n{NOT_YOU}"
    ))
}

fn numbers(all: &[About]) -> String {
    let line = |about: &About| format!("{}\u{a0}: {}", about.given_name, number(&about.number));
    let lines: Vec<String> = all.iter().map(line).collect();
    format!(
        "Voici les dossiers qui ont cette adresse\u{a0}:\n\n{}\n\n\
         Garde ton numéro\u{a0}: il te sert à te connecter, avec ton mot de passe.\n\n{NOT_YOU}",
        lines.join("\n")
    )
}

fn password_changed(about: &About) -> String {
    let number = number(&about.number);
    format!(
        "Le mot de passe du dossier {number} vient de changer. Tes autres appareils sont \
         déconnectés.\n\nCe n’est pas toi\u{202f}? Ouvre l’application, et demande tout de suite un \
         nouveau mot de passe par «\u{a0}Mot de passe oublié\u{a0}»."
    )
}

fn address_changed(about: &About) -> String {
    let number = number(&about.number);
    format!(
        "L’adresse mail du dossier {number} vient de changer.\n\nCe n’est pas toi\u{202f}? Préviens \
         la Région\u{a0}: donne-lui ce numéro, jamais ton mot de passe."
    )
}

/// What is asked stands in the app alone: a mail may be read by others.
fn to_correct(about: &About) -> String {
    let number = number(&about.number);
    format!(
        "La Région a regardé ta demande {number}\u{a0}: quelque chose est à corriger avant de pouvoir \
         l’accepter.\n\nOuvre l’application, puis «\u{a0}Mon espace\u{a0}»\u{a0}: tu y verras quoi \
         corriger, et pourquoi. Tout le reste de ta demande est gardé."
    )
}

const ERASED: &str = "Ta demande de Pass’Région, ta photo et ton compte sont effacés, comme tu l’as \
     demandé. Si tu avais une carte, elle n’est plus valable.\n\nCe message est le dernier.";

fn number(number: &str) -> String {
    DossierNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.to_string())
}
