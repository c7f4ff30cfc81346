//! How keys are declared: [`tables!`] makes of one declaration the layer that is read, the settings that it comes to, and
//! the [`Key`]s that the example file, the schema and the refusals are made from.

use std::fmt;

/// A key, as it is declared.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name, with its table.
    pub name: KeyName,
    /// What it holds for.
    pub scope: Scope,
    /// What it is for: the lines of its description.
    pub lines: &'static [&'static str],
    /// The value that it has by itself, as TOML; none where it has none.
    pub default: Option<&'static str>,
    /// A value that it might have, where it has no default.
    pub example: &'static str,
}

/// The name of a key, written `table.key`.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyName {
    /// The table that it is in; empty at the top.
    pub table: &'static str,
    /// The name of its field.
    pub field: &'static str,
}

impl KeyName {
    /// The name within its table.
    pub(super) fn key(self) -> String {
        self.field.replace('_', "-")
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.table {
            "" => f.write_str(&self.key()),
            table => write!(f, "{table}.{}", self.key()),
        }
    }
}

/// What a key holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// A package.
    Package,
    /// The workspace: one package of several cannot set it.
    Workspace,
    /// The workspace, although one package of several may have it, without effect: the keys that have always been taken.
    Skipped,
    /// Both: a setting of the workspace, and one of each package.
    Both,
    /// Nothing: it is accepted, and has no effect.
    Unused,
}

/// Laying one layer over another: what the upper one says holds.
pub(super) trait Over {
    /// This layer, completed by a lower one.
    fn over(self, lower: Self) -> Self;
}

impl<T> Over for Option<T> {
    fn over(self, lower: Self) -> Self {
        self.or(lower)
    }
}

/// Declares the tables of the configuration with their keys.
///
/// A table names its layer, and the settings that come of it for the workspace, for a package, or for both. A key is
/// described by its doc comment, followed by its [`Scope`], its name, what it is read as, what it comes to where that is
/// another type, and its default; `unset (…)` has none, and is shown as that example.
macro_rules! tables {
    ($(
        $(#[doc = $about:literal])*
        table $table:ident $name:literal => [$($workspace:ident)? $(, $package:ident)?] {
            $($(#[doc = $line:literal])* $scope:ident $key:ident: $read:ty $(=> $setting:ty)? = $value:tt $(($example:tt))?;)*
        }
        $(and {
            $($(#[doc = $inner_line:literal])* $inner:ident: $inner_table:ident => [$($in_workspace:ty)? $(, $in_package:ty)?];)*
        })?
    )*) => {
        $(
            $(#[doc = $about])*
            #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
            #[serde(rename_all = "kebab-case", deny_unknown_fields)]
            pub struct $table {
                $($(#[doc = $line])* pub $key: Option<$read>,)*
                $($($(#[doc = $inner_line])* #[serde(default)] pub $inner: $inner_table,)*)?
            }

            impl Over for $table {
                fn over(self, lower: Self) -> Self {
                    Self {
                        $($key: self.$key.over(lower.$key),)*
                        $($($inner: self.$inner.over(lower.$inner),)*)?
                    }
                }
            }

            settings! {
                $table $name [$($workspace)?] [$($package)?] {} {}
                $($scope { $key: tables!(@setting $read, $value $(, $setting)?), $($line)* })*
                $($(
                    $(Workspace { $inner: $in_workspace, })?
                    $(Package { $inner: $in_package, })?
                )*)?
            }
        )*

        /// Every key, table by table.
        pub(super) const KEYS: &[Key] = &[$($(Key {
            name: KeyName { table: $name, field: stringify!($key) },
            scope: Scope::$scope,
            lines: &[$($line),*],
            default: tables!(@default $value),
            example: concat!($(stringify!($example))?),
        },)*)*];
    };
    (@setting $read:ty, $value:tt, $setting:ty) => { $setting };
    (@setting $read:ty, unset) => { Option<$read> };
    (@setting $read:ty, $value:tt) => { $read };
    (@default unset) => { None };
    (@default $value:tt) => { Some(stringify!($value)) };
}

/// The settings that a table comes to: its keys, sorted by their scope.
macro_rules! settings {
    ($table:ident $name:literal $w:tt $p:tt {$($ws:tt)*} $ps:tt Workspace $key:tt $($rest:tt)*) => {
        settings! { $table $name $w $p {$($ws)* $key} $ps $($rest)* }
    };
    ($table:ident $name:literal $w:tt $p:tt {$($ws:tt)*} $ps:tt Skipped $key:tt $($rest:tt)*) => {
        settings! { $table $name $w $p {$($ws)* $key} $ps $($rest)* }
    };
    ($table:ident $name:literal $w:tt $p:tt $ws:tt {$($ps:tt)*} Package $key:tt $($rest:tt)*) => {
        settings! { $table $name $w $p $ws {$($ps)* $key} $($rest)* }
    };
    ($table:ident $name:literal $w:tt $p:tt {$($ws:tt)*} {$($ps:tt)*} Both $key:tt $($rest:tt)*) => {
        settings! { $table $name $w $p {$($ws)* $key} {$($ps)* $key} $($rest)* }
    };
    ($table:ident $name:literal $w:tt $p:tt $ws:tt $ps:tt Unused $key:tt $($rest:tt)*) => {
        settings! { $table $name $w $p $ws $ps $($rest)* }
    };
    ($table:ident $name:literal $w:tt $p:tt $ws:tt $ps:tt) => {
        settings! { @struct $table $name $w $ws }
        settings! { @struct $table $name $p $ps }
    };
    (@struct $table:ident $name:literal [] $keys:tt) => {};
    (@struct $table:ident $name:literal [$settings:ident] { $({ $key:ident: $setting:ty, $($line:literal)* })* }) => {
        #[doc = concat!("What [`", stringify!($table), "`] comes to.")]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $settings {
            $($(#[doc = $line])* pub $key: $setting,)*
        }

        impl Resolve<$settings> for $table {
            fn resolve(self, _: KeyName) -> Result<$settings> {
                Ok($settings {
                    $($key: self.$key.resolve(KeyName { table: $name, field: stringify!($key) })?,)*
                })
            }
        }
    };
}

pub(super) use settings;
pub(super) use tables;
