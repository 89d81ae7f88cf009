//! The database of Flow HQ: SQLite and PostgreSQL, migrations, tenant scope.
