# What a person runs is what CI runs: recipes call the scripts. `just --list` tells them all.

_default:
    @just --list --unsorted

# Everything in one process with the virtual WhatsApp; `just demo --once` ends after the proof
demo *args:
    cargo demo {{args}}

# All tests; arguments go to cargo test
test *args:
    scripts/test {{args}}

# Format, lints of both flavours, licences
check:
    scripts/check

# What CI runs
ci:
    .ci/run

# One try of the crash driver again: just crash --seed 7, or --point send_after:2, or --plan FILE; --times 10
crash *args:
    scripts/crash replay {{args}}

# The crash driver for a while, and two fifths of that with hosts: just crash-long 3600 1000, and for the record: … --record
# docs/crash-run.md
crash-long seconds="3600" seed="1" *args:
    scripts/crash run --seconds {{seconds}} --seed {{seed}} {{args}}

# Bots on hosts, which are killed, stopped and cut off while tenants move: just crash-hosts 3600 1000, or one seed again:
# just crash-hosts 60 7 --times 10
crash-hosts seconds="600" seed="1" *args:
    scripts/crash hosts --seconds {{seconds}} --seed {{seed}} {{args}}

# A stranger, a removed operator and a worker that lies, ten minutes each: just attack --minutes 3, or --only worker --seconds 30
attack *args:
    scripts/attack {{args}}

# Failing disks and databases, newer generations and mad neighbours, ten minutes each, with records: just assure, or
# just assure database --seconds 60
assure *args:
    scripts/assure {{args}}

# Upgrades and rollbacks by one version under load: just rollback --cycles 20
rollback *args:
    scripts/rollback {{args}}

# An image with docker or podman
image *args:
    scripts/image {{args}}

# All that people send, under faults and kills, for ten minutes; writes the record that the specification is made from
crash-kinds minutes="10" seed="1" *args:
    scripts/crash kinds --minutes {{minutes}} --seed {{seed}} --record docs/records/crash-kinds.json {{args}}

# Writes what is generated: the settings in README.md, docs/openapi.json, docs/specification.md, docs/isolation.md,
# docs/message-kinds.md, docs/many-machines.md, docs/sandbox.md, docs/benchmarks.md, the lists of frames and migrations that landed
generate:
    cargo run --quiet --package config --example readme
    cargo run --quiet --package control --example openapi > docs/openapi.json
    scripts/crash specification
    cargo run --quiet --package tests --bin assure-driver report
    cargo run --quiet --package tests --example isolation
    cargo run --quiet --package tests --example message_kinds
    cargo run --quiet --package tests --example many_machines
    cargo run --quiet --package tests --bin bench-document
    FLOWHQ_GENERATE=1 scripts/test code_inside_a_worker
    FLOWHQ_GENERATE=1 cargo test --quiet --package link --lib each_message_is_kept
    FLOWHQ_GENERATE=1 cargo test --quiet --package store --lib each_migration_that_landed

# Accepts changed snapshots
accept:
    INSTA_UPDATE=always scripts/test

# The release binary
release:
    cargo build --release --locked --package flowhq

# Flow HQ measured beside bots of other makes: just bench, or just bench --full --record
bench *args:
    scripts/bench {{args}}

# Memory and speed of 30 workers on the virtual WhatsApp, with a release build
bench-fleet workers="30":
    scripts/bench-fleet {{workers}}

# Many hosts by simulation against the real control plane: how evenly they are filled, pages, memory, time to link again
bench-hosts *args:
    scripts/bench-hosts {{args}}

# Speed, size and memory of the dashboard with 1,000 tenants and a log of 1,000,000 rows, with a release build
bench-dashboard:
    scripts/bench-dashboard

# Pictures of every page of the dashboard, into target/screenshots and README.md
screenshots *args:
    scripts/screenshots {{args}}

# Memory and speed of the virtual WhatsApp, alone, with a release build
bench-virtual-whatsapp:
    scripts/bench-virtual-whatsapp

# Log rows per second on SQLite and PostgreSQL, and the price of row-level security
bench-ingestion *args:
    scripts/bench-ingestion {{args}}

# A real Kubernetes of two nodes, built here: the chart, and what goes wrong under load; as root. just test-kubernetes --record,
# or HOSTS=0 just test-kubernetes drain cable
test-kubernetes *args:
    scripts/test-kubernetes {{args}}

# Fuzzes the codec of the link for a minute
fuzz-link seconds="60":
    scripts/fuzz link_frame {{seconds}}

# Fuzzes what a message holds for a minute, on the corpus that is kept
fuzz-content seconds="60":
    scripts/fuzz message_content {{seconds}}

# Fuzzes the reply engine, its packs and profiles for a minute
fuzz-replies seconds="60":
    scripts/fuzz reply_engine {{seconds}}
