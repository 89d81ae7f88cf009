//! Money and quantities: two decimals, and never a binary fraction.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A sum of money in the tenant's currency, or a quantity in a product's unit, in hundredths: `12.50` is 1,250. Never
/// negative. As JSON a string, `"15000"` or `"12.50"`; a number is read too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u64);

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// No number.
    #[error("write a number like 15000 or 12.50")]
    NoNumber,
    /// More than two digits behind the point.
    #[error("write at most two digits behind the point, like 12.50")]
    Decimals,
    /// Below nought, or above [`Amount::MOST`].
    #[error("write a number from 0 to 1000000000")]
    Range,
}

impl Amount {
    /// The highest amount.
    pub const MOST: Self = Self(100_000_000_000);
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// One whole.
    pub const ONE: Self = Self(100);

    /// So many wholes, at most [`Amount::MOST`].
    #[must_use]
    pub const fn whole(wholes: u32) -> Self {
        Self(wholes as u64 * 100).at_most()
    }

    /// So many hundredths, at most [`Amount::MOST`].
    #[must_use]
    pub const fn hundredths(hundredths: u64) -> Self {
        Self(hundredths).at_most()
    }

    /// In hundredths.
    #[must_use]
    pub const fn as_hundredths(self) -> u64 {
        self.0
    }

    /// Whether there is nothing behind the point.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0.is_multiple_of(100)
    }

    /// The sum, at most [`Amount::MOST`].
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0)).at_most()
    }

    /// The difference, at least nought.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// A price times a quantity, rounded to a hundredth, half up, at most [`Amount::MOST`].
    #[must_use]
    pub const fn times(self, quantity: Self) -> Self {
        Self(self.0.saturating_mul(quantity.0).saturating_add(50) / 100).at_most()
    }

    const fn at_most(self) -> Self {
        if self.0 > Self::MOST.0 { Self::MOST } else { self }
    }

    /// As people write money: `15,000` or `12.50`.
    #[must_use]
    pub fn grouped(self) -> String {
        let wholes = (self.0 / 100).to_string();
        let mut text = String::with_capacity(wholes.len() + 6);
        for (place, digit) in wholes.chars().enumerate() {
            if place > 0 && (wholes.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !self.is_whole() {
            text.push_str(&format!(".{:02}", self.0 % 100));
        }
        text
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (wholes, 0) => write!(f, "{wholes}"),
            (wholes, rest) => write!(f, "{wholes}.{rest:02}"),
        }
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let text = text.trim();
        let (wholes, rest) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if text.starts_with('-') && digits(wholes.trim_start_matches('-')) && digits(rest) {
            return Err(AmountError::Range);
        }
        if wholes.is_empty() || !digits(wholes) || !digits(rest) || text.ends_with('.') {
            return Err(AmountError::NoNumber);
        }
        let rest = rest.trim_end_matches('0');
        if rest.len() > 2 {
            return Err(AmountError::Decimals);
        }
        let wholes: u64 = wholes.parse().map_err(|_| AmountError::Range)?;
        let hundredths: u64 = format!("{rest:0<2}").parse().map_err(|_| AmountError::NoNumber)?;
        let all = wholes.checked_mul(100).and_then(|all| all.checked_add(hundredths));
        all.filter(|all| *all <= Self::MOST.0).map(Self).ok_or(AmountError::Range)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Whole(u64),
            Number(f64),
        }
        match Written::deserialize(deserializer)? {
            Written::Text(text) => text.parse(),
            Written::Whole(whole) => whole.to_string().parse(),
            // What was typed is the shortest text that reads back as this number.
            Written::Number(number) => number.to_string().parse(),
        }
        .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_said_as_they_are() {
        for (text, hundredths, said) in
            [("15000", 1_500_000, "15,000"), ("12.5", 1_250, "12.50"), ("0", 0, "0"), ("1.00", 100, "1")]
        {
            let amount: Amount = text.parse().unwrap();
            assert_eq!((amount.as_hundredths(), amount.grouped().as_str()), (hundredths, said), "{text}");
            let json = serde_json::to_string(&amount).unwrap();
            assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
        }
        assert_eq!(serde_json::from_str::<Amount>("1200.5").unwrap().to_string(), "1200.50");
    }

    #[test]
    fn what_is_no_amount_says_why() {
        for (text, why) in [
            ("", AmountError::NoNumber),
            ("12,5", AmountError::NoNumber),
            ("1.", AmountError::NoNumber),
            ("1e3", AmountError::NoNumber),
            ("3.141592", AmountError::Decimals),
            ("-5", AmountError::Range),
            ("1000000000.01", AmountError::Range),
            ("99999999999999999999999", AmountError::Range),
        ] {
            assert_eq!(text.parse::<Amount>(), Err(why), "{text}");
        }
        let six = serde_json::from_str::<Amount>("1200.123456").unwrap_err().to_string();
        assert!(six.contains("two digits behind the point"), "{six}");
    }

    #[test]
    fn half_a_kilo_costs_half() {
        let half: Amount = "0.5".parse().unwrap();
        assert_eq!(Amount::whole(15_001).times(half).to_string(), "7500.50");
        assert_eq!(Amount::MOST.times(Amount::MOST), Amount::MOST);
    }
}
