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

CREATE TRIGGER take_region
    BEFORE INSERT OR UPDATE OF establishment_id, legal_entity_id, body_id, region_id
    ON accounts_profile FOR EACH ROW EXECUTE FUNCTION accounts_take_region();
CREATE TRIGGER take_region
    BEFORE INSERT OR UPDATE OF establishment_id, legal_entity_id, body_id, region_id
    ON accounts_invitation FOR EACH ROW EXECUTE FUNCTION accounts_take_region();
CREATE TRIGGER take_region
    BEFORE INSERT OR UPDATE OF establishment_id, legal_entity_id, body_id, region_id
    ON accounts_apitoken FOR EACH ROW EXECUTE FUNCTION accounts_take_region();

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
