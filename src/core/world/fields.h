#pragma once
/// What the state of a run consists of, as one list. Whatever must look at everything (the hash,
/// and whoever saves, compares or measures a world) reads this list, so none of them can forget a
/// field.
///
///   Fields(archive, world)   hands each field of the world to the archive, in the order below.
///
/// An archive is any object with three calls, each for one kind of field:
///   archive.State(name, field)     decides the future: two runs that differ in it may go on
///                                  differently.
///   archive.Record(name, field)    only tells of the past: the last tests, latencies.
///   archive.Derived(name, field)   follows from the others, and is kept for speed.
/// Fields of structs come back as such: the archive calls Fields(archive, field) for them, so that
/// it sees how deep it is.
///
/// A Cow<T> is handed over as it is: an archive that changes something asks for Write() itself.
///
/// A new field does not compile until it stands here: each list is taken apart by a structured
/// binding, which must name every member.
#include <type_traits>
#include <vector>

#include "core/world/world.h"

namespace delstep {

template <class T, class Struct>
concept Of = std::is_same_v<std::remove_const_t<T>, Struct>;

template <class Archive, Of<Latency> T>
void Fields(Archive& archive, T& latency) {
  auto& [kind, a, b] = latency;
  archive.State("kind", kind);
  archive.State("a", a);
  archive.State("b", b);
}

template <class Archive, Of<LinkProperties> T>
void Fields(Archive& archive, T& link) {
  auto& [loss, latency, bandwidth, up] = link;
  archive.State("loss", loss);
  archive.State("latency", latency);
  archive.State("bandwidth", bandwidth);
  archive.State("up", up);
}

template <class Archive, Of<TrainingRange> T>
void Fields(Archive& archive, T& range) {
  auto& [node, first, last] = range;
  archive.State("node", node);
  archive.State("first", first);
  archive.State("last", last);
}

template <class Archive, Of<NodeShare> T>
void Fields(Archive& archive, T& share) {
  auto& [node, initial, trained, first, last] = share;
  archive.State("node", node);
  archive.State("initial", initial);
  archive.State("trained", trained);
  archive.State("first", first);
  archive.State("last", last);
}

template <class Archive, Of<Provenance> T>
void Fields(Archive& archive, T& provenance) {
  auto& [shares, more, exact] = provenance;
  // Its columns are a way to keep it, and no concern of archives.
  std::vector<NodeShare> rows = shares.Rows();
  archive.State("shares", rows);
  if constexpr (!std::is_const_v<T>) shares = NodeShares(rows);
  archive.State("more", more);
  archive.State("exact", exact);
}

template <class Archive, Of<ModelOrigin> T>
void Fields(Archive& archive, T& origin) {
  auto& [base, meeting, trained, since, rate, exact] = origin;
  archive.State("base", base);
  archive.State("meeting", meeting);
  archive.State("trained", trained);
  archive.State("since", since);
  archive.State("rate", rate);
  archive.State("exact", exact);
}

template <class Archive, Of<MeetingInput> T>
void Fields(Archive& archive, T& input) {
  auto& [from, weight, message, sent, received, meeting, trained] = input;
  archive.State("from", from);
  archive.State("weight", weight);
  archive.State("message", message);
  archive.State("sent", sent);
  archive.State("received", received);
  archive.State("meeting", meeting);
  archive.State("trained", trained);
}

template <class Archive, Of<Meeting> T>
void Fields(Archive& archive, T& meeting) {
  auto& [number, at, cycle, inputs] = meeting;
  archive.State("number", number);
  archive.State("at", at);
  archive.State("cycle", cycle);
  archive.State("inputs", inputs);
}

template <class Archive, Of<Message> T>
void Fields(Archive& archive, T& message) {
  auto& [id, from, to, bytes] = message;
  archive.State("id", id);
  archive.State("from", from);
  archive.State("to", to);
  archive.State("bytes", bytes);
}

template <class Archive, Of<MessageTag> T>
void Fields(Archive& archive, T& tag) {
  auto& [kind, number, weight] = tag;
  archive.State("kind", kind);
  archive.State("number", number);
  archive.State("weight", weight);
}

template <class Archive, Of<TrainOptions> T>
void Fields(Archive& archive, T& options) {
  auto& [epochs, local_steps, batch_size, learning_rate, momentum, weight_decay, proximal_mu,
         clip_norm] = options;
  archive.State("epochs", epochs);
  archive.State("local_steps", local_steps);
  archive.State("batch_size", batch_size);
  archive.State("lr", learning_rate);
  archive.State("momentum", momentum);
  archive.State("weight_decay", weight_decay);
  archive.State("proximal_mu", proximal_mu);
  archive.State("clip_norm", clip_norm);
}

template <class Archive, Of<TrainingNow> T>
void Fields(Archive& archive, T& training) {
  auto& [options, scale, began, ends, left] = training;
  archive.State("options", options);
  archive.State("scale", scale);
  archive.State("began", began);
  archive.State("ends", ends);
  archive.State("left", left);
}

template <class Archive, Of<BehaviourState> T>
void Fields(Archive& archive, T& behaviour) {
  auto& [own, since, turns, due, pending, trained, alarm, draws, memory, changed_peers, last_sent] =
      behaviour;
  archive.State("own", own);
  archive.State("since", since);
  archive.State("turns", turns);
  archive.State("due", due);
  archive.State("pending", pending);
  archive.State("trained", trained);
  archive.State("alarm", alarm);
  archive.State("draws", draws);
  archive.State("memory", memory);
  archive.State("changed_peers", changed_peers);
  archive.State("last_sent", last_sent);
}

template <class Archive, Of<Position> T>
void Fields(Archive& archive, T& position) {
  auto& [x, y, z] = position;
  archive.State("x", x);
  archive.State("y", y);
  archive.State("z", z);
}

template <class Archive, Of<Outcome> T>
void Fields(Archive& archive, T& outcome) {
  auto& [message, sent, at, lost] = outcome;
  archive.State("message", message);
  archive.State("sent", sent);
  archive.State("at", at);
  archive.State("lost", lost);
}

template <class Archive, Of<MetPair> T>
void Fields(Archive& archive, T& pair) {
  auto& [count, together, since, now] = pair;
  archive.State("count", count);
  archive.State("together", together);
  archive.State("since", since);
  archive.State("now", now);
}

template <class Archive, Of<ChangeKey> T>
void Fields(Archive& archive, T& key) {
  auto& [at, kind, a, b] = key;
  archive.State("at", at);
  archive.State("kind", kind);
  archive.State("a", a);
  archive.State("b", b);
}

template <class Archive, Of<PlannedCommand> T>
void Fields(Archive& archive, T& plan) {
  auto& [number, at, every, command] = plan;
  archive.State("number", number);
  archive.State("at", at);
  archive.State("every", every);
  archive.State("command", command);
}

template <class Archive, Of<SharedModel> T>
void Fields(Archive& archive, T& model) {
  auto& [row, samples, origin, queued_before] = model;
  archive.State("row", row);
  archive.State("examples", samples);
  archive.Record("origin", origin);
  archive.Record("queued_before", queued_before);
}

template <class Archive, Of<ModelMessage> T>
void Fields(Archive& archive, T& message) {
  auto& [header, model, sent, arrived, tag, told] = message;
  archive.State("header", header);
  archive.State("model", model);
  archive.State("sent", sent);
  archive.State("arrived", arrived);
  archive.State("tag", tag);
  archive.State("told", told);
}

template <class Archive, Of<Encounter> T>
void Fields(Archive& archive, T& encounter) {
  auto& [peer, model, expiry, sent, received, message, bytes] = encounter;
  archive.State("peer", peer);
  archive.State("model", model);
  archive.State("expiry", expiry);
  archive.State("sent", sent);
  archive.State("received", received);
  archive.Record("message", message);
  archive.Record("bytes", bytes);
}

template <class Archive, Of<Trained> T>
void Fields(Archive& archive, T& trained) {
  auto& [node, samples, epochs, steps, loss, learning_rate] = trained;
  archive.State("node", node);
  archive.State("examples", samples);
  archive.State("epochs", epochs);
  archive.State("steps", steps);
  archive.State("loss", loss);
  archive.State("lr", learning_rate);
}

template <class Archive, Of<EvaluationScope> T>
void Fields(Archive& archive, T& scope) {
  auto& [kind, group, sample] = scope;
  archive.State("kind", kind);
  archive.State("group", group);
  archive.State("sample", sample);
}

template <class Archive, Of<Evaluated> T>
void Fields(Archive& archive, T& evaluated) {
  auto& [node, scope, examples, loss, accuracy] = evaluated;
  archive.State("node", node);
  archive.State("scope", scope);
  archive.State("examples", examples);
  archive.State("loss", loss);
  archive.State("accuracy", accuracy);
}

template <class Archive, Of<Attack> T>
void Fields(Archive& archive, T& attack) {
  auto& [kind, value, draws] = attack;
  archive.State("kind", kind);
  archive.State("value", value);
  archive.State("draws", draws);
}

template <class Archive, Of<Node> T>
void Fields(Archive& archive, T& node) {
  auto& [id, address, name, present, up, training, held_out, model, state, origin, meetings, anchor,
         own_options, own_labels, label_draws, attack, rate, trained, gossips, known, residual,
         compressions, neighbours, guestbook, waiting, inbox, last_trained, last_tests, fresh_tests,
         training_now, behaviour, place] = node;
  archive.State("id", id);
  archive.State("address", address);
  archive.State("name", name);
  archive.State("present", present);
  archive.State("up", up);
  archive.State("training", training);
  archive.State("held_out", held_out);
  archive.State("model", model);
  archive.State("state", state);
  archive.Record("origin", origin);
  archive.Record("meetings", meetings);
  archive.State("anchor", anchor);
  archive.State("own_options", own_options);
  archive.State("own_labels", own_labels);
  archive.State("label_draws", label_draws);
  archive.State("attack", attack);
  archive.State("rate", rate);
  archive.State("trained", trained);
  archive.State("gossips", gossips);
  archive.State("known", known);
  archive.State("residual", residual);
  archive.State("compressions", compressions);
  archive.State("neighbours", neighbours);
  archive.State("guestbook", guestbook);
  archive.State("waiting", waiting);
  archive.State("inbox", inbox);
  archive.State("last_trained", last_trained);
  archive.Record("last_tests", last_tests);
  archive.Record("fresh_tests", fresh_tests);
  archive.State("training_now", training_now);
  archive.State("behaviour", behaviour);
  archive.State("place", place);
}

template <class Archive, Of<TrainingOptions> T>
void Fields(Archive& archive, T& training) {
  // What belongs to the machine is named to be left out: no result depends on the threads, and on
  // the device only as on the processor, in last bits. So a run can go on elsewhere.
  auto& [optimizer, lr, lr_schedule, lr_gamma, lr_step, lr_total, lr_min, lr_warmup, momentum,
         weight_decay, batch_size, epochs, local_steps, clip_norm, proximal_mu, device, threads,
         chosen] = training;
  archive.State("optimizer", optimizer);
  archive.State("lr", lr);
  archive.State("lr_schedule", lr_schedule);
  archive.State("lr_gamma", lr_gamma);
  archive.State("lr_step", lr_step);
  archive.State("lr_total", lr_total);
  archive.State("lr_min", lr_min);
  archive.State("lr_warmup", lr_warmup);
  archive.State("momentum", momentum);
  archive.State("weight_decay", weight_decay);
  archive.State("batch_size", batch_size);
  archive.State("epochs", epochs);
  archive.State("local_steps", local_steps);
  archive.State("clip_norm", clip_norm);
  archive.State("proximal_mu", proximal_mu);
  // Who has chosen a key, not what it is: a scenario that was written out names them all.
  archive.Record("chosen", chosen);
}

template <class Archive, Of<AggregationOptions> T>
void Fields(Archive& archive, T& aggregation) {
  auto& [name, expiry, rate, trim, byzantine, share] = aggregation;
  archive.State("name", name);
  archive.State("expiry", expiry);
  archive.State("rate", rate);
  archive.State("trim", trim);
  archive.State("byzantine", byzantine);
  archive.State("share", share);
}

template <class Archive, Of<CompressionOptions> T>
void Fields(Archive& archive, T& compression) {
  auto& [name, ratio, bits, error_feedback] = compression;
  archive.State("name", name);
  archive.State("ratio", ratio);
  archive.State("bits", bits);
  archive.State("error_feedback", error_feedback);
}

template <class Archive, Of<Distribution> T>
void Fields(Archive& archive, T& distribution) {
  auto& [kind, a, b, classes] = distribution;
  archive.State("kind", kind);
  archive.State("a", a);
  archive.State("b", b);
  archive.State("classes", classes);
}

template <class Archive, Of<ComputeOptions> T>
void Fields(Archive& archive, T& compute) {
  auto& [ms_per_example, jitter, file, table, offline] = compute;
  archive.State("ms_per_example", ms_per_example);
  archive.State("jitter", jitter);
  // One file has many names, and may hold something else by now: what counts is what was read.
  archive.Record("file", file);
  archive.State("table", table);
  archive.State("offline", offline);
}

template <class Archive, Of<ChurnOptions> T>
void Fields(Archive& archive, T& churn) {
  auto& [name, on, off, min, max, period, file, table] = churn;
  archive.State("name", name);
  archive.State("on", on);
  archive.State("off", off);
  archive.State("min", min);
  archive.State("max", max);
  archive.State("period", period);
  archive.Record("file", file);
  archive.State("table", table);
}

template <class Archive, Of<BehaviourOptions> T>
void Fields(Archive& archive, T& behaviour) {
  auto& [name, period, jitter, peers, mode, update, merge, strategy, capacity, reactivity, timeout,
         oracle, min_gap] = behaviour;
  archive.State("name", name);
  archive.State("period", period);
  archive.State("jitter", jitter);
  archive.State("peers", peers);
  archive.State("mode", mode);
  archive.State("update", update);
  archive.State("merge", merge);
  archive.State("strategy", strategy);
  archive.State("capacity", capacity);
  archive.State("reactivity", reactivity);
  archive.State("timeout", timeout);
  archive.State("oracle", oracle);
  archive.State("min_gap", min_gap);
}

/// What of the settings decides how the run goes on. The start has made the rest into world (nodes,
/// links, data), and nothing looks at it later.
template <class Archive, Of<Scenario> T>
void Fields(Archive& archive, T& scenario) {
  auto& [seed, nodes, topology, network, ns3, mininet, data, partition, model, training,
         aggregation, compression, mobility, radio, compute, churn, behaviour, recording, test,
         history, portable, groups, node_values] = scenario;
  archive.State("seed", seed);
  archive.State("network_step", network.step);
  archive.State("network_up", network.up);
  archive.State("network_down", network.down);
  archive.State("training", training);
  archive.State("aggregation", aggregation);
  archive.State("compression", compression);
  archive.State("compute", compute);
  archive.State("churn", churn);
  archive.State("behaviour", behaviour);
  archive.State("portable", portable);
}

template <class Archive, Of<NodeGroup> T>
void Fields(Archive& archive, T& group) {
  auto& [name, members] = group;
  archive.State("name", name);
  archive.State("members", members);
}

template <class Archive, Of<Traffic> T>
void Fields(Archive& archive, T& traffic) {
  auto& [sent, delivered, bytes, lost, latency, links] = traffic;
  archive.State("sent", sent);
  archive.State("delivered", delivered);
  archive.State("bytes", bytes);
  archive.State("lost", lost);
  archive.Record("latency", latency);
  archive.Record("links", links);
}

template <class Archive, Of<Delivery> T>
void Fields(Archive& archive, T& delivery) {
  auto& [from, to, message, taken, queued_before] = delivery;
  archive.State("from", from);
  archive.State("to", to);
  archive.State("message", message);
  archive.State("taken", taken);
  archive.State("queued_before", queued_before);
}

template <class Archive, Of<CycleRecord> T>
void Fields(Archive& archive, T& record) {
  auto& [models, deliveries] = record;
  archive.State("models", models);
  archive.State("deliveries", deliveries);
}

/// Who may look into a class that keeps its members to itself.
struct LatencyCountsFields {
  template <class Archive, class T>
  static void Visit(Archive& archive, T& counts) {
    auto& [listed, count, sum, min, max] = counts;
    // As if they were always listed.
    LatencyCounts::Classes classes = counts.classes();
    archive.State("classes", classes);
    archive.State("count", count);
    archive.State("sum", sum);
    archive.State("min", min);
    archive.State("max", max);
    if constexpr (!std::is_const_v<T>) counts.SetClasses(std::move(classes));
  }
};
template <class Archive, Of<LatencyCounts> T>
void Fields(Archive& archive, T& counts) {
  LatencyCountsFields::Visit(archive, counts);
}

template <class Archive, Of<LinkTraffic> T>
void Fields(Archive& archive, T& link) {
  auto& [sent, delivered, bytes, delivered_bytes, lost, latency] = link;
  archive.State("sent", sent);
  archive.State("delivered", delivered);
  archive.State("bytes", bytes);
  archive.State("delivered_bytes", delivered_bytes);
  archive.State("lost", lost);
  archive.State("latency", latency);
}

template <class Archive, Of<World> T>
void Fields(Archive& archive, T& world) {
  auto& [now, cycle, autonet, scenario, nodes, by_name, used_addresses, next_default_address,
         undealt, groups, default_link, single_links, network, next_message, outbox, in_flight,
         mail, waiting, traffic, last_scope, cycle_record, ended, changed, met, plans, next_plan] =
      world;
  archive.State("now", now);
  archive.State("cycle", cycle);
  archive.State("autonet", autonet);
  archive.State("scenario", scenario);
  archive.State("nodes", nodes);
  archive.Derived("by_name", by_name);
  archive.State("used_addresses", used_addresses);
  archive.State("next_default_address", next_default_address);
  archive.State("undealt", undealt);
  archive.State("groups", groups);
  archive.State("default_link", default_link);
  archive.State("single_links", single_links);
  archive.State("network", network);
  archive.State("next_message", next_message);
  archive.State("outbox", outbox);
  archive.State("in_flight", in_flight);
  archive.Derived("mail", mail);
  archive.Derived("waiting", waiting);
  archive.State("traffic", traffic);
  archive.Record("last_scope", last_scope);
  archive.Record("cycle_record", cycle_record);
  archive.State("ended", ended);
  archive.State("changed", changed);
  archive.Record("met", met);
  archive.State("plans", plans);
  archive.State("next_plan", next_plan);
}

}  // namespace delstep
