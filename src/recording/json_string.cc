#include "recording/json_string.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace delstep {

std::string JsonString(std::string_view text) {
  using nlohmann::json;
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string JsonNumber(double value) { return std::isfinite(value) ? ShortestReal(value) : "null"; }

}  // namespace delstep
