#pragma once
/// One hash of what the program computes: a refactoring keeps it, a change of behaviour states the
/// new one.
#include <cstdint>
#include <span>
#include <string>

#include "delstep/registry.h"
#include "delstep/result.h"

namespace delstep {

/// Runs a fixed script on a small synthetic data set in memory and hashes its log, every model and
/// the world. `overrides` are key=value: `portable=true` for the hash that is the same on every
/// machine, `training.threads=2`, ...
Result<std::uint64_t> Signature(std::span<const std::string> overrides, const Registry& registry);

}  // namespace delstep
