-- What is of one entity keeps the region of that entity beside it: whatever is written there by
-- another way is put right. Under the lock of a foreign key, which a new region of the entity waits
-- for and is waited for by (``region_in_key``); its other changes are not.
CREATE FUNCTION accounts_take_region() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE
    WHEN NEW.establishment_id IS NOT NULL THEN
        SELECT region_id INTO NEW.region_id FROM establishments_establishment
         WHERE id = NEW.establishment_id FOR KEY SHARE;
    WHEN NEW.legal_entity_id IS NOT NULL THEN
        SELECT region_id INTO NEW.region_id FROM establishments_legalentity
         WHERE id = NEW.legal_entity_id FOR KEY SHARE;
    ELSE
        SELECT region_id INTO NEW.region_id FROM establishments_administrativebody
         WHERE id = NEW.body_id FOR KEY SHARE;
    END CASE;
    RETURN NEW;
END $$;

-- A save that changes neither entity nor region takes no lock: whoever changes the region writes
-- these rows in turn, and each would end up waiting for the other.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accounts_profile', 'accounts_invitation', 'accounts_apitoken'] LOOP
        EXECUTE format(
            'CREATE TRIGGER take_region BEFORE INSERT ON %I
             FOR EACH ROW EXECUTE FUNCTION accounts_take_region()', name);
        EXECUTE format(
            'CREATE TRIGGER take_new_region BEFORE UPDATE ON %I FOR EACH ROW WHEN (
                 (OLD.establishment_id, OLD.legal_entity_id, OLD.body_id, OLD.region_id)
                 IS DISTINCT FROM
                 (NEW.establishment_id, NEW.legal_entity_id, NEW.body_id, NEW.region_id))
             EXECUTE FUNCTION accounts_take_region()', name);
    END LOOP;
END $$;

-- An entity changes region, by hand or by an import: all that is of it follows. The argument names
-- the column that points to the entity.
CREATE FUNCTION accounts_follow_region() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accounts_profile', 'accounts_invitation', 'accounts_apitoken'] LOOP
        EXECUTE format('UPDATE %I SET region_id = $1 WHERE %I = $2', name, TG_ARGV[0])
          USING NEW.region_id, NEW.id;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_follow_region
    AFTER UPDATE OF region_id ON establishments_establishment
    FOR EACH ROW WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id)
    EXECUTE FUNCTION accounts_follow_region('establishment_id');
CREATE TRIGGER accounts_follow_region
    AFTER UPDATE OF region_id ON establishments_legalentity
    FOR EACH ROW WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id)
    EXECUTE FUNCTION accounts_follow_region('legal_entity_id');
CREATE TRIGGER accounts_follow_region
    AFTER UPDATE OF region_id ON establishments_administrativebody
    FOR EACH ROW WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id)
    EXECUTE FUNCTION accounts_follow_region('body_id');
