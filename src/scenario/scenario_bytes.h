#pragma once
/// A scenario as bytes, for another process of the same program (src/cluster).
#include <string>
#include <string_view>

#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

struct Registry;

/// Every key of the table (scenario/keys.h), and what no key tells: which keys were chosen, and whether
/// the number of nodes was given. Not groups and values of single nodes: they have become parts of
/// the run when it begins.
std::string SaveScenario(const Scenario& scenario);
/// The scenario that was saved. Errors: kFile for other bytes; those of a key that this program does
/// not take.
Result<Scenario> LoadScenario(std::string_view bytes, const Registry& registry);

}  // namespace delstep
