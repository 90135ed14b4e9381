#pragma once
/// Models change hands where nodes meet: Ochiai, Sun, Jin, Wongwiwatchai, Esaki, "Wireless Ad Hoc
/// Federated Learning: A Fully Distributed Cooperative Machine Learning", arXiv 2205.11779, 2022,
/// with one exchange per contact instead of one per epoch.
///
///   on meet:      if the last sending to this peer is `min_gap` or more ago: send the model
///   on receive:   aggregate, as `ag`: by aggregation.name, which may look at the whole guestbook
///   on turn:      train
///
/// Both ends of a contact are called, so both send. What comes while a node trains is aggregated
/// after that, all at once. A message that the contact does not last for is lost: 400,064 bytes
/// over 1 Mbit/s take 3.2005 s.
///
/// Where nobody moves and nothing goes down, nobody meets: then nodes only train.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Uses `min_gap`. Never an error.
Result<std::unique_ptr<Behaviour>> MakeOnEncounter(const BehaviourOptions& options);

}  // namespace delstep
