#include "core/acts/attack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "core/engine/sent_rows.h"
#include "core/world/provenance.h"
#include "delstep/random.h"

namespace delstep {
namespace {

using AttackKind = Attack::Kind;

struct AttackForm {
  std::string_view name;
  AttackKind kind;
  bool has_value = false;
};
constexpr std::array kAttackForms = {
    AttackForm{"sign-flip", AttackKind::kSignFlip}, AttackForm{"noise", AttackKind::kNoise, true},
    AttackForm{"zero", AttackKind::kZero},          AttackForm{"scale", AttackKind::kScale, true},
    AttackForm{"same", AttackKind::kSame},          AttackForm{"off", AttackKind::kOff},
};

Error NoAttack(std::string_view text) {
  return UsageError(fmt::format("'{}' is no attack", text),
                    "write sign-flip, noise 0.5, zero, scale 10, same or off");
}

// The table is what ParseAttack() reads and Name() writes, so that each text that Name() gives can
// be read back: events and checkpoints have it.

bool HasBuffers(const RowLayout& layout) {
  return std::ranges::any_of(layout.tensors, [](const TensorSpec& tensor) {
    return tensor.role == TensorSpec::Role::kBuffer;
  });
}

/// What must be equal for two attackers to send the same: the attack, and what they would have sent
/// where anything of it is left. Nothing where the noise is the node's own.
using AttackIdentity = std::tuple<AttackKind, double, const void*>;
std::optional<AttackIdentity> IdentityOf(const Attack& attack, const Row& row, bool has_buffers) {
  if (attack.kind == AttackKind::kNoise) return std::nullopt;
  const bool replaces = attack.kind == AttackKind::kZero || attack.kind == AttackKind::kSame;
  const void* source = replaces && !has_buffers ? nullptr : row.identity();
  return AttackIdentity(attack.kind, attack.value, source);
}

}  // namespace

Result<Attack> ParseAttack(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  const std::string_view name = trimmed.substr(0, trimmed.find(' '));
  const std::string_view rest = Trim(trimmed.substr(name.size()));
  const auto form = std::ranges::find(kAttackForms, name, &AttackForm::name);
  if (form == kAttackForms.end() || (!form->has_value && !rest.empty())) return NoAttack(text);
  Attack attack{.kind = form->kind};
  if (!form->has_value) return attack;
  const auto value = ParseReal(rest);
  if (!value || (form->kind == AttackKind::kNoise && *value < 0)) return NoAttack(text);
  // Models are floats: beyond them the factor would be infinite, and 0 times that is no number.
  constexpr double kMost = std::numeric_limits<float>::max();
  if (std::abs(*value) > kMost)
    return UsageError(
        fmt::format("attack {} {}: numbers of models go up to {:.4g}", name, rest, kMost),
        fmt::format("write a number of at most {:.2g}", 1e38));
  attack.value = *value;
  return attack;
}

std::string Name(const Attack& attack) {
  const auto form = std::ranges::find(kAttackForms, attack.kind, &AttackForm::kind);
  if (!form->has_value) return std::string(form->name);
  return fmt::format("{} {}", form->name, ShortestReal(attack.value));
}

Result<void> SetAttack(Run& run, std::string_view text, std::span<const NodeId> nodes) {
  DELSTEP_ASSIGN(const Attack wanted, ParseAttack(text));
  for (const NodeId id : nodes) {
    const Attack& before = run.world.at(id).attack;
    if (before.kind != wanted.kind || before.value != wanted.value) {
      // The noises go on where they were: an attack that begins again draws new ones.
      Attack& attack = run.world.Change(id).attack;
      attack.kind = wanted.kind;
      attack.value = wanted.value;
    }
    run.Note(AttackChanged{.node = id, .attack = Name(wanted)});
  }
  return {};
}

Result<void> ApplyAttacks(Run& run, std::span<const NodeId> senders, std::span<Outgoing> outgoing) {
  const bool has_buffers = HasBuffers(run.engine.learner->layout().model);
  // Serially, and few: what is to be made, each row once. The draws of a node are counted here, so
  // that their order does not depend on which worker is faster.
  std::vector<AttackedRow> rows;
  // What is equal is looked up rather than compared: rows are large, and handles tell.
  std::vector<std::pair<std::size_t, std::size_t>> attackers;  // place among senders, and its row
  std::map<AttackIdentity, std::size_t> known;
  for (std::size_t i = 0; i < senders.size(); ++i) {
    const NodeId id = senders[i];
    const Attack& attack = run.world.at(id).attack;
    if (attack.kind == AttackKind::kOff) continue;
    const Row& row = outgoing[i].model.row;
    const auto identity = IdentityOf(attack, row, has_buffers);
    const auto found = identity ? known.find(*identity) : known.end();
    attackers.emplace_back(i, found == known.end() ? rows.size() : found->second);
    if (found != known.end()) continue;
    if (identity) known.emplace(*identity, rows.size());
    const bool draws = attack.kind == AttackKind::kNoise;
    // Counted from 1: (0, 0) names the model of `same`.
    const RandomKey key = MakeKey(run.engine.scenario->seed, Purpose::kAttack,
                                  draws ? Index(id) : 0, draws ? attack.draws + 1 : 0);
    rows.push_back({.node = id, .attack = attack, .key = key, .row = row});
  }
  if (rows.empty()) return {};
  // Draws are counted once the rows are made: an error leaves the next noise as it would have been.
  DELSTEP_ASSIGN(const std::vector<Row> made, AttackRows(run.engine, rows));
  for (const AttackedRow& row : rows)
    if (row.attack.kind == AttackKind::kNoise) ++run.world.Change(row.node).attack.draws;
  // Who receives it cannot tell that it is no model of the sender, and counts it as one.
  for (const auto& [place, row] : attackers) {
    outgoing[place].model.row = made[row];
    outgoing[place].model.origin = Compressed(outgoing[place].model.origin);
  }
  return {};
}

}  // namespace delstep
