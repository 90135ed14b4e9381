#pragma once
/// Values as text of CSV.
#include <string>
#include <string_view>

namespace delstep {

/// Quoted where RFC 4180 asks for it.
std::string CsvField(std::string_view text);

}  // namespace delstep
