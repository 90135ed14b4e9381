#pragma once
/// A behaviour that a user brings as a C++ file: `behaviour.name = "my_behaviour.cpp"`.
///
/// It is compiled, loaded and guarded as own_part.h says. The guard stands on both sides: it calls
/// the user's code, and hands it a Host that checks each call before it passes it on
/// (guarded_host.h). What goes wrong leaves the guard as a UserFailure (base/user_failure.h), and
/// ends the run with an error; what the node did before in the same call stays.
#include <filesystem>
#include <memory>
#include <string>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "user_models/module_cache.h"

namespace delstep {

/// The behaviour in the file `options.name`: a C++ source, compiled unless it is in the cache, or a
/// library ending in .so, as it is. Each call makes another one. Errors, about behaviour.name:
/// kUsage where the constructor throws; those of OpenOwnPart().
Result<std::unique_ptr<Behaviour>> LoadOwnBehaviour(const BehaviourOptions& options,
                                                    const Say& say);
/// The same without a word: what the registry is given.
Result<std::unique_ptr<Behaviour>> MakeOwnBehaviour(const BehaviourOptions& options);

/// `behaviour`, guarded; `file` is the one that messages name. Its calls throw UserFailure.
std::unique_ptr<Behaviour> GuardBehaviour(std::unique_ptr<Behaviour> behaviour,
                                          const std::string& file);

/// Writes a behaviour to begin with. Errors: kRefused if the file is there already, kFile if it
/// cannot be written.
Result<void> WriteBehaviourTemplate(const std::filesystem::path& file);

}  // namespace delstep
