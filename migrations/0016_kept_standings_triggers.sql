-- Whatever decides which submission counts, or with how many points, notes whose kept standing may be wrong now, in its
-- own transaction. As the owner, whoever changes it: a worker's result is noted too, and a worker may read no person.
CREATE FUNCTION "note_standing_of_submission"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  row jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  told text := row ->> TG_ARGV[0];
BEGIN
  -- An attempt's subject may be what is no submission.
  IF told !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN RETURN NULL; END IF;
  INSERT INTO "standing_changes" ("assignment_id", "person_id")
    SELECT s."assignment_id", m."person_id" FROM "submissions" s JOIN "submission_members" m ON m."submission_id" = s."id"
    WHERE s."id" = told::uuid;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "note_standing_of_member"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  member record;
BEGIN
  IF TG_OP = 'DELETE' THEN member := OLD; ELSE member := NEW; END IF;
  INSERT INTO "standing_changes" ("assignment_id", "person_id")
    SELECT "assignment_id", member."person_id" FROM "submissions" WHERE "id" = member."submission_id";
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "note_standing_before_delete"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO "standing_changes" ("assignment_id", "person_id")
    SELECT OLD."assignment_id", "person_id" FROM "submission_members" WHERE "submission_id" = OLD."id";
  RETURN OLD;
END
$$;--> statement-breakpoint
CREATE FUNCTION "note_standing_of_person"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  changed record;
BEGIN
  IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
  IF changed."assignment_id" IS NOT NULL THEN
    INSERT INTO "standing_changes" ("assignment_id", "person_id") VALUES (changed."assignment_id", changed."person_id");
  END IF;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "note_standings_of_assignment"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO "standing_changes" ("assignment_id") VALUES (NEW."id");
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "note_standings_of_version"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO "standing_changes" ("assignment_id")
    SELECT DISTINCT "assignment_id" FROM "submissions" WHERE "suite_version_id" = NEW."id";
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "attempts_note_standing" AFTER INSERT ON "attempts" FOR EACH ROW
  WHEN (NEW."is_final" OR NEW."number" > 1) EXECUTE FUNCTION "note_standing_of_submission"('subject');--> statement-breakpoint
CREATE TRIGGER "attempts_note_standing_changed" AFTER UPDATE OF "is_final", "score", "state" ON "attempts" FOR EACH ROW
  WHEN ((OLD."is_final", OLD."score", OLD."state" = 'cancelled') IS DISTINCT FROM (NEW."is_final", NEW."score", NEW."state" = 'cancelled'))
  EXECUTE FUNCTION "note_standing_of_submission"('subject');--> statement-breakpoint
CREATE TRIGGER "attempts_note_standing_gone" AFTER DELETE ON "attempts" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_submission"('subject');--> statement-breakpoint
CREATE TRIGGER "submissions_note_standing" AFTER UPDATE OF "run", "received_at", "suite_version_id" ON "submissions" FOR EACH ROW
  WHEN ((OLD."run", OLD."received_at", OLD."suite_version_id") IS DISTINCT FROM (NEW."run", NEW."received_at", NEW."suite_version_id"))
  EXECUTE FUNCTION "note_standing_of_submission"('id');--> statement-breakpoint
CREATE TRIGGER "submissions_note_standing_gone" BEFORE DELETE ON "submissions" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_before_delete"();--> statement-breakpoint
CREATE TRIGGER "submission_members_note_standing" AFTER INSERT OR DELETE ON "submission_members" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_member"();--> statement-breakpoint
CREATE TRIGGER "rubric_grades_note_standing" AFTER INSERT OR UPDATE OR DELETE ON "rubric_grades" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_submission"('submission_id');--> statement-breakpoint
CREATE TRIGGER "adjustments_note_standing" AFTER INSERT OR UPDATE OR DELETE ON "adjustments" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_submission"('submission_id');--> statement-breakpoint
CREATE TRIGGER "extensions_note_standing" AFTER INSERT OR UPDATE OR DELETE ON "extensions" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_person"();--> statement-breakpoint
CREATE TRIGGER "late_day_entries_note_standing" AFTER INSERT OR UPDATE OR DELETE ON "late_day_entries" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_person"();--> statement-breakpoint
CREATE TRIGGER "chosen_submissions_note_standing" AFTER INSERT OR UPDATE OR DELETE ON "chosen_submissions" FOR EACH ROW
  EXECUTE FUNCTION "note_standing_of_person"();--> statement-breakpoint
CREATE TRIGGER "assignments_note_standings" AFTER UPDATE OF "due_at", "grace_seconds", "late_percent_per_day", "late_flat_percent",
    "late_last_day", "early_at", "early_bonus_percent", "early_malus_percent", "counting" ON "assignments" FOR EACH ROW
  EXECUTE FUNCTION "note_standings_of_assignment"();--> statement-breakpoint
CREATE TRIGGER "suite_versions_note_standings" AFTER UPDATE OF "config" ON "suite_versions" FOR EACH ROW
  WHEN (OLD."config" IS DISTINCT FROM NEW."config") EXECUTE FUNCTION "note_standings_of_version"();--> statement-breakpoint
-- What was handed in before this is kept the first time that somebody looks.
INSERT INTO "standing_changes" ("assignment_id") SELECT "id" FROM "assignments";
