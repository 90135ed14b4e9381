#pragma once
/// The engines of a member (core/member.h), which it makes by itself when the leader proposes them.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/cluster/cluster.h"
#include "core/engine/engine.h"
#include "core/member.h"
#include "delstep/registry.h"
#include "delstep/result.h"

namespace delstep {

class MemberEngines {
 public:
  /// As ServeRun() takes them. All must outlive this.
  MemberEngines(const Registry& registry, const LoadSavedScenario& load)
      : registry_(registry), load_(load) {}

  /// Work::kPropose: makes an engine, or what a known one is to go on with; that is kept aside. Returns this
  /// machine's name and what the engine is made of (core/engine/agreement.h), for the leader to compare.
  /// Churn, behaviours and the like are for who leads alone: they are not made.
  ///
  /// Errors: those of the parts, with the machine's name in front; what was there before goes on.
  Result<std::string> Propose(std::string_view proposal);

  /// The engine in this version. If that is the one that was proposed last, it goes on with it from now
  /// on; otherwise the leader has thought better of it, and it is dropped. Any other version is a fault of
  /// the program: assert.
  Engine& Of(EngineName name);

  /// Of nodes, by all engines.
  std::uint64_t trainings() const;

 private:
  struct Known {
    std::unique_ptr<Engine> engine;
    std::uint64_t version = 0, proposed_version = 0;
    /// By the versions that they were made for, all of them until the run ends: the leader may go
    /// back to a moment, and does not tell which ones it still has. Each `set` of what nodes learn
    /// with costs one more, some hundred bytes, and with a C++ file that changed its library.
    std::map<std::uint64_t, std::shared_ptr<const MadeRule>> rules;
    std::optional<Renewal> proposed;  // uses what the engine has, so it goes first
  };
  Result<void> Prepare(Known& known, std::string_view scenario, std::uint64_t rule);

  const Registry& registry_;
  const LoadSavedScenario& load_;
  std::map<std::uint64_t, Known> engines_;
};

}  // namespace delstep
