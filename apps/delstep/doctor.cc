#include "apps/delstep/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "apps/delstep/gnuplot.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "cluster/join.h"
#include "data/data_sources.h"
#include "data/find_files.h"
#include "learning/plugin/learner_plugin.h"
#include "learning/plugin/openblas.h"
#include "user_models/toolchain.h"

namespace delstep {
namespace {

/// A report of lines "ok|missing|note  subject  detail", with what to do below.
class Report {
 public:
  void Ok(std::string_view subject, std::string_view detail) { Line("ok", subject, detail); }
  void Note(std::string_view subject, std::string_view detail) { Line("note", subject, detail); }
  /// The main job cannot run without it.
  void Missing(std::string_view subject, const Error& error) {
    diagnosis_.healthy = false;
    Line("MISSING", subject, error.message);
    diagnosis_.lines.back().state = "missing";
    diagnosis_.lines.back().to_do = error.hint;
    if (!error.hint.empty()) Line("", "", "to do: " + error.hint);
  }
  /// It was built and does not work; `needed`: the main job cannot run without it.
  void NotOk(std::string_view subject, const Error& error, bool needed) {
    if (needed) diagnosis_.healthy = false;
    Line("NOT OK", subject, error.message);
    if (!error.hint.empty()) Line("", "", "to do: " + error.hint);
  }
  Diagnosis Finish() && {
    diagnosis_.text += diagnosis_.healthy
                           ? "\nEverything that this scenario needs is there.\n"
                           : "\nWhat is MISSING or NOT OK keeps this scenario from running.\n";
    return std::move(diagnosis_);
  }

 private:
  void Line(std::string_view state, std::string_view subject, std::string_view detail) {
    if (!state.empty())
      diagnosis_.lines.push_back({std::string(state), std::string(subject), std::string(detail)});
    diagnosis_.text += fmt::format("{:<9}{:<24}{}\n", state, subject, detail);
  }
  Diagnosis diagnosis_;
};

void LookAtData(const Scenario& scenario, Report& report) {
  for (const WantedFiles& set : PublishedDataSets(scenario.data)) {
    const bool wanted = scenario.data.name == set.name;
    const std::string subject = fmt::format("data {}", set.name);
    const auto files = FindFiles(set, wanted ? scenario.data.path : "", UsualDataFolders());
    if (files) {
      report.Ok(subject, files->front().parent_path().string());
    } else if (wanted) {
      report.Missing(subject, files.error());
    } else {
      report.Note(subject, "not found; docs/guide/data.md says which files and where");
    }
  }
  report.Ok("data blobs", "built in, needs no files");
}

/// Why a part that was built does not work here; nothing: it does.
using Broken = std::function<std::optional<Error>(std::string_view name)>;

template <class Make>
void LookAtParts(std::string_view kind, const Parts<Make>& parts, const std::string& wanted,
                 Report& report, const Broken& broken = {}) {
  for (const auto& part : parts.entries()) {
    const std::string subject = fmt::format("{} {}", kind, part.name);
    if (part.make && broken && broken(part.name))
      report.NotOk(subject, *broken(part.name), part.name == wanted);
    else if (const std::string version = part.Version(); part.make && version == "absent")
      report.NotOk(subject, Unavailable("this program has it, but what it needs is absent"),
                   part.name == wanted);
    else if (part.make)
      report.Ok(subject, version.empty() ? part.sentence : version + ", " + part.sentence);
    else
      report.Note(subject, "absent: " + part.reason);
  }
  if (const auto found = parts.Find(wanted); !found)
    report.Missing(fmt::format("{} {}", kind, wanted), found.error());
}

/// The plug-in of a learner may be gone, or of another build, though the program knows of it.
std::optional<Error> WhyLearnerIsBroken(std::string_view name, bool portable) {
  const LearnerPlugin* plugin = name == "torch"        ? &TorchPlugin()
                                : name == "tensorflow" ? &TensorflowPlugin()
                                                       : nullptr;
  if (plugin == nullptr || !plugin->built()) return std::nullopt;
  const auto loaded = plugin->Load(portable);
  return loaded ? std::nullopt : std::optional<Error>(loaded.error());
}

/// The learner that the scenario ends up with.
std::string LearnerOfScenario(const Scenario& scenario) {
  const ModelOptions& model = scenario.model;
  const bool is_dense =
      (model.name == "mlp" || model.name == "logreg") && scenario.training.device == "cpu";
  if (model.learner != "auto" || is_dense) return model.learner;
  return model.name == "tensorflow" ? "tensorflow" : "torch";
}

/// What LibTorch may compute on, and whether the device that the scenario asks for is among it.
void LookAtDevices(const Scenario& scenario, const LearnerEntry& torch,
                   const LearnerEntry::About& about, Report& report) {
  if (about.devices.empty())
    report.Note("LibTorch's devices", "the CPU alone: " + about.no_devices);
  else
    report.Ok("LibTorch's devices", about.devices);
  if (scenario.training.device == "cpu" || LearnerOfScenario(scenario) != "torch") return;
  if (const auto found = torch.check_device(scenario); !found)
    report.Missing("training.device", found.error());
}

void LookAtBlas(const Scenario& scenario, const LearnerEntry::About& about, Report& report) {
  constexpr const char* kSubject = "LibTorch's BLAS";
  if (about.is_slow_blas) {
    report.Note(kSubject, about.blas +
                              " is the reference BLAS, many times slower than OpenBLAS; "
                              "install libopenblas0-pthread");
    return;
  }
  const auto [text, is_good] =
      JudgeOpenBlas(about.blas, OpenBlasKernels(InstructionSet(false), scenario.portable));
  if (is_good)
    report.Ok(kSubject, text);
  else
    report.Note(kSubject, text);
}

void LookAtTorch(const Scenario& scenario, Report& report) {
  if (!TorchPlugin().built()) return;  // the list of learners says so, as of one that is broken
  const auto torch = TorchPlugin().Load(scenario.portable);
  if (!torch) return;
  const LearnerEntry::About about = (*torch)->about();
  report.Ok("LibTorch", about.version);
  LookAtBlas(scenario, about, report);
  LookAtDevices(scenario, **torch, about, report);
  if (const auto ready = CheckToolchain(BuildToolchain()); ready)
    report.Ok("compiler of modules", BuildToolchain().compiler);
  else
    report.Note("compiler of modules", ready.error().message + "; " + ready.error().hint);
}

/// What rules of aggregation and behaviours in C++ need, with LibTorch or without.
void LookAtRuleCompiler(Report& report) {
  if (const auto ready = CheckToolchain(AggregatorToolchain()); ready)
    report.Ok("compiler of rules", AggregatorToolchain().compiler);
  else
    report.Note("compiler of rules", ready.error().message + "; " + ready.error().hint);
}

/// What `delstep plot` draws with.
void LookAtGnuplot(Report& report) {
  if (const auto version = GnuplotVersion(); version)
    report.Ok("gnuplot", *version + ", draws for delstep plot");
  else
    report.Note("gnuplot", version.error().message + "; " + version.error().hint);
}

/// What runs on many processes need.
void LookAtMpi(Report& report) {
  if (const auto version = MpiVersion(); version)
    report.Ok("processes", *version + ", for mpirun -n K delstep ...");
  else
    report.Note("processes", version.error().message + "; " + version.error().hint);
}

void LookAtFolders(Report& report) {
  const auto look = [&](std::string_view subject, const std::filesystem::path& folder) {
    if (access(folder.c_str(), W_OK) == 0)
      report.Ok(subject, folder.string() + ", writable");
    else
      report.Note(subject, folder.string() + " is not writable");
  };
  std::error_code failed;
  look("working folder", std::filesystem::current_path(failed));
  std::filesystem::path history = HistoryFile().parent_path();
  while (!history.empty() && history.has_relative_path() &&
         !std::filesystem::exists(history, failed))
    history = history.parent_path();
  if (history.empty())
    report.Note("history", "no home folder: it is not kept");
  else
    look("history", history);
}

}  // namespace

Diagnosis Diagnose(const Config& config, const Registry& registry) {
  const Scenario& scenario = config.scenario();
  Report report;
  report.Ok("delstep", fmt::format("{}, {}, {}", Version(), CompilerName(), DELSTEP_BUILD_TYPE));
  report.Ok("processor", fmt::format("{} threads, instruction set {}",
                                     std::thread::hardware_concurrency(), InstructionSet(false)));
  LookAtData(scenario, report);
  LookAtParts("learner", registry.learners, LearnerOfScenario(scenario), report,
              [&](std::string_view name) { return WhyLearnerIsBroken(name, scenario.portable); });
  LookAtTorch(scenario, report);
  LookAtParts("network", registry.networks, scenario.network.backend, report);
  LookAtRuleCompiler(report);
  LookAtGnuplot(report);
  LookAtMpi(report);
  LookAtFolders(report);
  return std::move(report).Finish();
}

}  // namespace delstep
