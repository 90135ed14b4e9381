#pragma once
/// What `save` writes: results of tests, topologies.
#include <span>
#include <string>

#include "console/commands/log_entry.h"
#include "console/language/results_format.h"
#include "console/language/script.h"
#include "delstep/registry.h"
#include "delstep/result.h"

namespace delstep {

/// The results among the entries. Four decimals in CSV and TSV, full precision in JSON; CSV as in
/// RFC 4180, but with "\n" line ends.
std::string ResultsText(ResultsFormat format, std::span<const LogEntry> entries);

/// The writer for the ending of the file's name. Errors, at the word: kUsage.
Result<const WriteGraph*> FindGraphWriter(const Registry& registry, const Word& file);

}  // namespace delstep
