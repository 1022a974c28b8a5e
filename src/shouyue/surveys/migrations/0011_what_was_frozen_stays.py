from django.db import migrations

# Answers are read against these; nobody changes them once somebody can have answered.
_FROZEN = (
    "wave_id, seed, salt, method, frame, frame_hash, frame_size, target, looks, margins, margins_hash, traits, "
    "opened_at, opened_by"
)
_KEEP = f"""
CREATE FUNCTION surveys_waveplan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was frozen when wave % was opened cannot be changed', OLD.wave_id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'waveplan_stays_frozen';
END $$;
CREATE TRIGGER waveplan_stays_frozen BEFORE UPDATE OF {_FROZEN} ON surveys_waveplan
    FOR EACH ROW EXECUTE FUNCTION surveys_waveplan_stays();
"""
_LET_GO = "DROP TRIGGER waveplan_stays_frozen ON surveys_waveplan; DROP FUNCTION surveys_waveplan_stays();"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0010_margins_of_a_wave")]

    operations = [migrations.RunSQL(_KEEP, _LET_GO)]
