"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("address", name=op.f("uq_contact_address")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "domain_route",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_domain_route")),
    )
    op.create_table(
        "lane",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("egress", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("resume_at", sa.BigInteger(), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("connections", sa.Integer(), nullable=False),
        sa.Column("tat", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("egress", "provider", name=op.f("uq_lane_egress_provider")),
    )
    op.create_table(
        "lane_hour",
        sa.Column("lane_id", Id, nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_lane_hour_lane_id")),
        sa.UniqueConstraint("lane_id", "hour", "result", name=op.f("uq_lane_hour_lane_id_hour_result")),
    )
    op.create_table(
        "lane_share",
        sa.Column("lane_id", Id, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("connections", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_lane_share_lane_id")),
        sa.UniqueConstraint("lane_id", "owner", name=op.f("uq_lane_share_lane_id_owner")),
    )
    op.create_table(
        "lane_signal",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("lane_id", Id, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_lane_signal_lane_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_signal")),
    )
    op.create_index(op.f("ix_lane_signal_lane_id_rule_at"), "lane_signal", ["lane_id", "rule", "at"])
    op.create_table(
        "mailing_list",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("double_opt_in", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_list")),
        sa.UniqueConstraint("name", name=op.f("uq_mailing_list_name")),
    )
    op.create_table(
        "own_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_own_address")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.create_table(
        "seed",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("location", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed")),
        sa.UniqueConstraint("address", name=op.f("uq_seed_address")),
        sa.UniqueConstraint("name", name=op.f("uq_seed_name")),
    )
    op.create_table(
        "sending_domain",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("return_path_domain", sa.String(), nullable=False),
        sa.Column("tracking_url", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_domain")),
        sa.UniqueConstraint("domain", name=op.f("uq_sending_domain_domain")),
    )
    op.create_table(
        "server",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server")),
        sa.UniqueConstraint("name", name=op.f("uq_server_name")),
    )
    op.create_table(
        "slot",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("kind", "subject", "due_at", name=op.f("uq_slot_kind_subject_due_at")),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_suppression_kind_value")),
    )
    op.create_table(
        "target",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("ips", sa.JSON(), nullable=False),
        sa.Column("selectors", sa.JSON(), nullable=False),
        sa.Column("helos", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("domain", name=op.f("uq_target_domain")),
    )
    op.create_table(
        "template",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("name", name=op.f("uq_template_name")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("message_class", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("list_id", Id, nullable=True),
        sa.Column("template_id", Id, nullable=False),
        sa.Column("sending_domain_id", Id, nullable=False),
        sa.Column("server_id", Id, nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("from_address", sa.String(), nullable=False),
        sa.Column("tracking", sa.String(), nullable=False),
        sa.Column("on_unknown", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_campaign_list_id")),
        sa.ForeignKeyConstraint(
            ["sending_domain_id"], ["sending_domain.id"], name=op.f("fk_campaign_sending_domain_id")
        ),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_campaign_server_id")),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], name=op.f("fk_campaign_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("name", name=op.f("uq_campaign_name")),
    )
    op.create_table(
        "consent",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("list_id", Id, nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_consent_contact_id")),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_consent_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target_id", Id, nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_incident_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_state"), ["state"], unique=False)

    op.create_table(
        "membership",
        sa.Column("list_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_membership_contact_id")),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], name=op.f("fk_membership_list_id")),
        sa.UniqueConstraint("list_id", "contact_id", name=op.f("uq_membership_list_id_contact_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_contact_id"), ["contact_id"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("target_id", Id, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_observation_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_last_seen"), ["last_seen"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_observation_target_id_code_subject_last_seen"),
            ["target_id", "code", "subject", "last_seen"],
            unique=False,
        )

    op.create_table(
        "placement_test",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("marker", sa.String(), nullable=False),
        sa.Column("campaign_id", Id, nullable=True),
        sa.Column("template_id", Id, nullable=True),
        sa.Column("server_id", Id, nullable=True),
        sa.Column("sending_domain_id", Id, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_placement_test_campaign_id")),
        sa.ForeignKeyConstraint(
            ["sending_domain_id"], ["sending_domain.id"], name=op.f("fk_placement_test_sending_domain_id")
        ),
        sa.ForeignKeyConstraint(["server_id"], ["server.id"], name=op.f("fk_placement_test_server_id")),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], name=op.f("fk_placement_test_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_test")),
        sa.UniqueConstraint("marker", name=op.f("uq_placement_test_marker")),
    )
    op.create_table(
        "alert",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("incident_id", Id, nullable=True),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_alert_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_state_next_at"), ["state", "next_at"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_link_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_link_campaign_id_position")),
    )
    op.create_table(
        "placement",
        sa.Column("test_id", Id, nullable=False),
        sa.Column("seed_id", Id, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("delay_seconds", sa.Float(), nullable=True),
        sa.Column("authentication", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seed_id"], ["seed.id"], name=op.f("fk_placement_seed_id")),
        sa.ForeignKeyConstraint(["test_id"], ["placement_test.id"], name=op.f("fk_placement_test_id")),
        sa.UniqueConstraint("test_id", "seed_id", name=op.f("uq_placement_test_id_seed_id")),
    )
    op.create_table(
        "recipient",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("campaign_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("lane_id", Id, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("enhanced", sa.String(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state IN ('claimed', 'sending'))", name=op.f("ck_recipient_leased")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_recipient_campaign_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_recipient_contact_id")),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_recipient_lane_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint(
            "contact_id", "campaign_id", "step", name=op.f("uq_recipient_contact_id_campaign_id_step")
        ),
    )
    op.create_index(
        op.f("ix_recipient_campaign_id_provider_state"), "recipient", ["campaign_id", "provider", "state"]
    )
    waiting, leased = sa.text("state IN ('pending', 'deferred')"), sa.text("lease_until IS NOT NULL")
    op.create_index(
        "ix_recipient_waiting",
        "recipient",
        ["campaign_id", "provider", "state", "next_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_recipient_leased", "recipient", ["lease_until"], sqlite_where=leased, postgresql_where=leased
    )
    op.create_table(
        "attempt",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("recipient_id", Id, nullable=False),
        sa.Column("lane_id", Id, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("enhanced", sa.String(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lane.id"], name=op.f("fk_attempt_lane_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_attempt_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_recipient_id_at"), "attempt", ["recipient_id", "at"])
    op.create_index(op.f("ix_attempt_at"), "attempt", ["at"])

    op.create_table(
        "standing",
        sa.Column("target_id", Id, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("latest_id", Id, nullable=False),
        sa.Column("conclusive_id", Id, nullable=True),
        sa.Column("unknown_since", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conclusive_id"], ["observation.id"], name=op.f("fk_standing_conclusive_id")
        ),
        sa.ForeignKeyConstraint(["latest_id"], ["observation.id"], name=op.f("fk_standing_latest_id")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_standing_target_id")),
        sa.UniqueConstraint("target_id", "code", "subject", name=op.f("uq_standing_target_id_code_subject")),
    )
    op.create_table(
        "event",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", Id, nullable=True),
        sa.Column("recipient_id", Id, nullable=True),
        sa.Column("contact_id", Id, nullable=True),
        sa.Column("link_id", Id, nullable=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("machine", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_event_campaign_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_event_contact_id")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_event_link_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_event_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_campaign_id_kind_at"), ["campaign_id", "kind", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_event_recipient_id_kind"), ["recipient_id", "kind"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_event_contact_id_kind_at"), ["contact_id", "kind", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_event_provider_kind_at"), ["provider", "kind", "at"], unique=False
        )

    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


MOVES = (
    *("pending>claimed", "pending>skipped"),
    *("claimed>sending", "claimed>pending", "claimed>deferred", "claimed>failed", "claimed>skipped"),
    *("sending>sent", "sending>deferred", "sending>failed", "sending>unknown"),
    *("deferred>claimed", "deferred>failed", "deferred>skipped"),
    *("unknown>sent", "unknown>deferred", "unknown>failed", "unknown>pending"),
    *("failed>pending", "skipped>pending"),
)
OPEN = "('pending', 'claimed', 'sending', 'deferred')"
NO_SUCH_MOVE = f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN {MOVES}"
STILL_OPEN = """
    EXISTS (SELECT 1 FROM recipient WHERE campaign_id = NEW.id AND state IN ('pending', 'deferred'))
    OR EXISTS (SELECT 1 FROM recipient WHERE campaign_id = NEW.id AND lease_until IS NOT NULL)
"""  # two questions, so that each is answered by its partial index
FINISHED = "(SELECT state FROM campaign WHERE id = NEW.campaign_id) = 'finished'"
RULES = (  # name, when, on which table, for which rows, forbidden if, what is said
    ("recipient_move", "UPDATE OF state", "recipient", NO_SUCH_MOVE, "TRUE", "no such move of a recipient"),
    ("recipient_new", "INSERT", "recipient", f"NEW.state IN {OPEN}", FINISHED, "the campaign is finished"),
    (
        *("recipient_again", "UPDATE OF state", "recipient"),
        f"NEW.state IN {OPEN} AND OLD.state NOT IN {OPEN}",
        *(FINISHED, "the campaign is finished"),
    ),
    (
        *("campaign_finish", "UPDATE OF state", "campaign"),
        "NEW.state = 'finished' AND OLD.state <> 'finished'",
        *(STILL_OPEN, "a finished campaign has no open recipients"),
    ),
)


def _guards(dialect: str) -> list[str]:
    """What the store refuses whoever asks: wrong moves, and a finished campaign with open recipients."""
    make = _sqlite_guard if dialect == "sqlite" else _postgresql_guard
    return [statement for rule in RULES for statement in make(*rule)]


def _sqlite_guard(name: str, when: str, table: str, rows: str, forbidden: str, said: str) -> list[str]:
    head = f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN ({rows}) AND ({forbidden})"
    return [f"{head} BEGIN SELECT RAISE(ABORT, '{said}'); END"]


def _postgresql_guard(name: str, when: str, table: str, rows: str, forbidden: str, said: str) -> list[str]:
    refuse = f"IF {forbidden} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; END IF"
    body = f"$$ BEGIN {refuse}; RETURN NEW; END $$"
    head = f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW WHEN ({rows})"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"{head} EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_provider_kind_at"))
        batch_op.drop_index(batch_op.f("ix_event_contact_id_kind_at"))
        batch_op.drop_index(batch_op.f("ix_event_recipient_id_kind"))
        batch_op.drop_index(batch_op.f("ix_event_campaign_id_kind_at"))

    op.drop_table("event")
    op.drop_table("standing")
    op.drop_table("attempt")
    op.drop_table("recipient")
    op.drop_table("placement")
    op.drop_table("link")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_state_next_at"))

    op.drop_table("alert")
    op.drop_table("placement_test")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observation_target_id_code_subject_last_seen"))
        batch_op.drop_index(batch_op.f("ix_observation_last_seen"))

    op.drop_table("observation")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_contact_id"))

    op.drop_table("membership")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_state"))
        batch_op.drop_index(batch_op.f("ix_incident_fingerprint"))

    op.drop_table("incident")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_contact_id"))

    op.drop_table("consent")
    op.drop_table("campaign")
    op.drop_table("template")
    op.drop_table("target")
    op.drop_table("suppression")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_state_due_at"))

    op.drop_table("slot")
    op.drop_table("server")
    op.drop_table("sending_domain")
    op.drop_table("seed")
    op.drop_table("secret")
    op.drop_table("meta")
    op.drop_table("own_address")
    op.drop_table("mailing_list")
    op.drop_table("lane_signal")
    op.drop_table("lane_share")
    op.drop_table("lane_hour")
    op.drop_table("lane")
    op.drop_table("domain_route")
    op.drop_table("heartbeat")
    op.drop_table("contact")
    if op.get_bind().dialect.name == "postgresql":
        for name, *_ in RULES:
            op.execute(f"DROP FUNCTION {name}()")
