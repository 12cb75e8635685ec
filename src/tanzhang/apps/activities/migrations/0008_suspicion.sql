-- Names are compared without their case and outer blanks, so that nobody is two persons.
alter table suspicion_decision
    add constraint suspicion_decision_proposer foreign key (proposal_id, suspicion_id, proposed_by)
        references suspicion_proposal (id, suspicion_id, proposed_by),
    add constraint suspicion_decision_known
        check (decision in ('approved', 'refused', 'withdrawn')),
    add constraint suspicion_decision_names_decider check (btrim(decided_by) <> ''),
    add constraint suspicion_decision_two_persons check (
        (decision = 'withdrawn') = (lower(btrim(decided_by)) = lower(btrim(proposed_by))));
alter table suspicion_proposal
    add constraint suspicion_proposal_names_proposer check (btrim(proposed_by) <> '');
alter table suspect_clearance
    add constraint suspect_clearance_of_suspect foreign key (suspicion_id, event_key)
        references suspect_event (suspicion_id, event_key);
