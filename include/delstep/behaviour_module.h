#pragma once
/// A behaviour of your own: one C++ file, which the program compiles and uses where the scenario or
/// `set` names it.
///
///     #include <delstep/behaviour_module.h>
///
///     class Mine : public delstep::Behaviour {
///      public:
///       bool merges() const override { return true; }
///       void OnTurn(delstep::Host& node) const override {
///         for (const delstep::NodeId peer : node.neighbours())
///           if (node.IsPartner(peer)) node.Send(peer);
///       }
///       void OnReceive(delstep::Host& node,
///                      const delstep::ReceivedMessage& message) const override {
///         const delstep::MergeTerm half{.message = message.id, .weight = 0.5};
///         if (message.has_model) node.Merge(0.5, {&half, 1});
///       }
///     };
///     DELSTEP_BEHAVIOUR(Mine)
///
/// and then `delstep behaviour.name=mine.cpp`. `delstep new behaviour` writes a file to begin with;
/// docs/guide/behaviours.md explains. behaviour.h says when a behaviour is called, and what it may
/// do with the Host it is given. The program checks what it does there: weights that do not sum to
/// 1, a message that is not in the inbox, a model for a node that is no neighbour are an error that
/// names your file and the node. Such an error ends the call of your behaviour where it stands, and
/// the run.
///
/// Parameters: a class whose constructor takes `const delstep::BehaviourOptions&` is given the
/// values of behaviour.*; they are free to mean what your behaviour wants.
/// Errors: throw a std::exception; the run then ends with what() it says, after the happening in
/// which it was thrown. What the node did before in the same call stays.
/// Threads: calls come one at a time, but one object serves all nodes: const calls must change
/// nothing. What a node remembers is in Host::memory().
#include <cstdint>
#include <memory>
#include <type_traits>

#include "delstep/behaviour.h"
#include "delstep/scenario.h"

namespace delstep {

/// Counts the changes of what a behaviour and the program know of each other (behaviour.h,
/// BehaviourOptions) that break what was compiled before.
inline constexpr std::uint32_t kBehaviourInterface = 1;

/// `extern "C" const BehaviourEntry delstep_behaviour`, which DELSTEP_BEHAVIOUR defines. The first
/// field stays what it is in every later version.
struct BehaviourEntry {
  /// kBehaviourInterface of the header it was compiled with: it must be that of the program.
  std::uint32_t interface;
  std::unique_ptr<Behaviour> (*make)(const BehaviourOptions& options);  ///< may throw
};

/// Makes a behaviour of the user's class.
template <class Mine>
std::unique_ptr<Behaviour> ConstructBehaviour(const BehaviourOptions& options) {
  static_assert(std::is_base_of_v<Behaviour, Mine>, "derive the class from delstep::Behaviour");
  if constexpr (std::is_constructible_v<Mine, const BehaviourOptions&>)
    return std::make_unique<Mine>(options);
  else
    return std::make_unique<Mine>();
}

}  // namespace delstep

/// Once, at the end of the file: makes `Mine` the behaviour that the program uses.
#define DELSTEP_BEHAVIOUR(Mine)                                                               \
  extern "C" {                                                                                \
  extern const ::delstep::BehaviourEntry delstep_behaviour;                                   \
  const ::delstep::BehaviourEntry delstep_behaviour = {::delstep::kBehaviourInterface,        \
                                                       &::delstep::ConstructBehaviour<Mine>}; \
  }
