//! The groups under which a student looks, by the « dispositif de formation » of the State.

/// A group of tracks.
#[derive(Debug)]
pub(super) struct Group {
    /// As the picker says.
    pub(super) name: &'static str,
    /// What the codes of its tracks begin with.
    pub(super) prefix: &'static str,
    /// The way its tracks belong to.
    pub(super) way: &'static str,
    /// Code and label when all of it is one track.
    pub(super) fixed: Option<(&'static str, &'static str)>,
    /// Whether its tracks are the series of the technological bac.
    pub(super) series: bool,
    devices: &'static [&'static str],
    /// What to add to a label, by the level that the diploma's code begins with: groups of several
    /// diplomas must tell them apart.
    suffixes: &'static [(&'static str, &'static str)],
}

const fn group(
    name: &'static str,
    prefix: &'static str,
    way: &'static str,
    devices: &'static [&'static str],
) -> Group {
    Group { name, prefix, way, devices, fixed: None, series: false, suffixes: &[] }
}

const GROUPS: &[Group] = &[
    Group {
        fixed: Some(("2NDE_GT", "Seconde générale et technologique")),
        ..group("Seconde générale et technologique", "2NDE", "", &["200"])
    },
    Group {
        fixed: Some(("2NDE_STHR", "Seconde STHR (hôtellerie et restauration)")),
        ..group("Seconde générale et technologique", "2NDE", "T", &["210"])
    },
    Group {
        fixed: Some(("GENERALE", "Première ou terminale générale")),
        ..group("Bac général", "GENERALE", "G", &["201", "202"])
    },
    Group {
        series: true,
        ..group("Bac technologique", "BAC_TECHNO", "T", &["211", "212", "213", "214", "231"])
    },
    group("Bac professionnel", "BAC_PRO", "P", &["245", "246", "247"]),
    group("Bac professionnel agricole", "BAC_PRO_AGRI", "P", &["273", "276"]),
    group("CAP", "CAP", "P", &["240", "241", "242", "261"]),
    group("CAP agricole", "CAPA", "P", &["270", "271", "280"]),
    Group {
        suffixes: &[("453", " (agricole)"), ("553", " (BPA)")],
        ..group("Brevet professionnel", "BP", "P", &["254", "275", "277", "281", "282"])
    },
    Group {
        suffixes: &[("463", " (agricole)"), ("563", " (agricole)"), ("363", " (agricole)")],
        ..group(
            "Certificat de spécialisation",
            "CS",
            "P",
            &["253", "257", "258", "274", "278", "279", "372"],
        )
    },
    Group {
        suffixes: &[("401", " (BMA)"), ("241", " (DN MADE)"), ("321", " (DMA)")],
        ..group(
            "Métiers d’art et du spectacle",
            "ART",
            "P",
            &["220", "221", "222", "250", "251", "252", "315", "316", "317", "418", "419"],
        )
    },
    group("BTS", "BTS", "S", &["310", "311", "312"]),
    group("BTS agricole", "BTSA", "S", &["370", "371"]),
    group("Classe préparatoire", "CPGE", "S", &["300", "301", "421"]),
    group("Autres formations après le bac", "SUP", "S", &["318", "320", "412"]),
];

impl Group {
    /// The group of a device; `None` when it is no track of ours.
    pub(super) fn of(device: &str) -> Option<&'static Self> {
        GROUPS.iter().find(|group| group.devices.contains(&device))
    }

    /// Its place in the picker.
    pub(super) fn place(&self) -> usize {
        GROUPS.iter().position(|group| std::ptr::eq(group, self)).unwrap_or(GROUPS.len())
    }

    /// What a label of the group must still say of this diploma.
    pub(super) fn suffix(&self, diploma: &str) -> &'static str {
        let found = self.suffixes.iter().find(|(level, _)| diploma.starts_with(level));
        found.map_or("", |(_, suffix)| suffix)
    }
}
