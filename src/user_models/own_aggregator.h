#pragma once
/// A rule of aggregation that a user brings as a C++ file: `aggregation.name = "my_rule.cpp"`.
///
/// It is compiled, loaded and guarded as own_part.h says. A rule that breaks a promise makes an error
/// that names the file, and no node changes.
#include <filesystem>

#include "delstep/aggregator.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "user_models/module_cache.h"

namespace delstep {

/// The rule in the file `options.name`: a C++ source, compiled unless it is in the cache, or a
/// library ending in .so, as it is. Each call makes another rule. Errors, about aggregation.name:
/// kUsage where the constructor throws; those of CompileModule(), with all that the compiler says;
/// kFile for a library without a rule or for another version of the program.
Result<Aggregator> LoadOwnAggregator(const AggregationOptions& options, const Say& say);
/// The same without a word: what the registry is given.
Result<Aggregator> MakeOwnAggregator(const AggregationOptions& options);

/// `rule`, guarded; `file` is the one that messages name. While the rule runs, its results are
/// checked: weights are finite and sum to 1, the place selected exists, the numbers written are
/// finite and all there. Coordinates that are 0 in every model stay 0, whatever the rule writes.
Aggregator GuardRule(Aggregator rule, const std::string& file);

/// Writes a rule to begin with. Errors: kRefused if the file is there already, kFile if it cannot
/// be written.
Result<void> WriteAggregatorTemplate(const std::filesystem::path& file);

}  // namespace delstep
