#include "core/member_engines.h"

#include <cassert>
#include <utility>

#include "base/bytes.h"
#include "base/host_name.h"
#include "core/engine/agreement.h"

namespace delstep {

Result<std::string> MemberEngines::Propose(std::string_view proposal) {
  ByteReader reader(proposal);
  const std::uint64_t number = reader.Number(), version = reader.Number(), rule = reader.Number();
  Known& known = engines_[number];
  known.proposed.reset();
  if (auto made = Prepare(known, reader.Text(), rule); !made) {
    Error error = std::move(made).error();
    error.message = "on " + HostName() + ": " + error.message;
    return error;
  }
  known.proposed_version = version;
  ByteWriter results;
  results.Add(std::string_view(HostName()));
  Add(results, IngredientsOf(*known.engine, *known.proposed));
  return results.Take();
}

// The data are read once, when the engine is first made.
Result<void> MemberEngines::Prepare(Known& known, std::string_view bytes, std::uint64_t rule) {
  DELSTEP_ASSIGN(Scenario loaded, load_(bytes));
  const auto scenario = std::make_shared<const Scenario>(std::move(loaded));
  if (!known.engine) {
    auto engine = std::make_unique<Engine>();
    engine->registry = &registry_;
    DELSTEP_ASSIGN(const LoadData* load_data, registry_.data.Find(scenario->data.name));
    DELSTEP_ASSIGN(engine->data, (*load_data)(*scenario));
    known.engine = std::move(engine);
  }
  // Whatever the leader goes back to it had agreed on with all.
  const auto made = known.rules.find(rule);
  assert(rule == 0 || made != known.rules.end());
  DELSTEP_ASSIGN(known.proposed,
                 PrepareRenewal(*known.engine, scenario, rule == 0 ? nullptr : made->second));
  return {};
}

Engine& MemberEngines::Of(EngineName name) {
  // The leader names what all have agreed on, and nothing else.
  const auto found = engines_.find(name.number);
  assert(found != engines_.end());
  Known& known = found->second;
  if (name.version != known.version) {
    assert(known.proposed && known.proposed_version == name.version);
    if (!known.proposed->keeps_rule) known.rules[name.version] = known.proposed->rule;
    PutIn(*known.engine, *std::exchange(known.proposed, std::nullopt));
    known.version = name.version;
  }
  known.proposed.reset();
  return *known.engine;
}

std::uint64_t MemberEngines::trainings() const {
  std::uint64_t trainings = 0;
  for (const auto& [number, known] : engines_)
    if (known.engine) trainings += known.engine->trained_here;
  return trainings;
}

}  // namespace delstep
