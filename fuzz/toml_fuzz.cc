// Whatever stands in a scenario file or argument, reading ends in a configuration or an error with
// its place; a configuration reads back from its own text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "delstep/registry.h"
#include "scenario/config.h"
#include "scenario/units.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

const delstep::Registry& Parts() {
  static const delstep::Registry registry = delstep::MakeRegistry({});
  return registry;
}

void ReadFile(std::string_view text) {
  delstep::Config config(Parts());
  if (const auto added = config.AddToml(text, "fuzz.toml"); !added) {
    Require(added.error().code == delstep::ErrorCode::kFile);
    Require(added.error().where.starts_with("fuzz.toml:") && !added.error().message.empty());
    return;
  }
  delstep::Config again(Parts());
  Require(again.AddToml(config.ToToml(), "again.toml").ok());
  Require(again.ToToml() == config.ToToml());
  (void)Check(config).ok();
}

void ReadArgument(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return;
  delstep::Config config(Parts());
  const auto set = config.Set(text.substr(0, equals), text.substr(equals + 1),
                              {delstep::Origin::Layer::kCommandLine, "command line"});
  if (!set) return Require(set.error().code == delstep::ErrorCode::kUsage);
  delstep::Config again(Parts());
  Require(again.AddToml(config.ToToml(), "again.toml").ok());
  Require(again.ToToml() == config.ToToml());
}

void ReadUnits(std::string_view text) {
  if (const auto latency = delstep::ParseLatency(text))
    Require(*delstep::ParseLatency(delstep::LatencyText(*latency)) == *latency);
  if (const auto bandwidth = delstep::ParseBandwidth(text))
    Require(*delstep::ParseBandwidth(delstep::BandwidthText(*bandwidth)) == *bandwidth);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReadFile(text);
  ReadArgument(text);
  ReadUnits(text);
  return 0;
}
