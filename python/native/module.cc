/// The Python module delstep._native: a thin layer under python/delstep, which is the interface. What
/// is large comes as JSON or CSV text, as other programs get it, and becomes objects there.
#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/text.h"
#include "console/commands/help.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "python/native/embedded_run.h"
#include "python/native/errors.h"
#include "python/native/interrupt.h"
#include "python/native/rows.h"
#include "python/native/turn.h"
#include "python/native/user_parts.h"
#include "scenario/catalogue.h"

namespace delstep {
namespace {

namespace py = pybind11;
using namespace py::literals;

bool OnMainThread() {
  static const auto main =
      py::module_::import("threading").attr("main_thread")().attr("ident").cast<unsigned long>();
  return PyThread_get_thread_ident() == main;
}

std::string ListOf(const std::vector<std::string>& objects) {
  return '[' + Join(objects, ",") + ']';
}

/// A session, for any number of Python threads.
class PythonRun {
 public:
  PythonRun(std::string scenario, std::vector<std::string> overrides, std::string resume,
            std::string out, bool keeps, const py::dict& parts)
      : stop_([this] { host_.Stop(); }) {
    const EmbeddedOptions options{.scenario = std::move(scenario),
                                  .overrides = std::move(overrides),
                                  .resume = std::move(resume),
                                  .out = std::move(out),
                                  .keeps = keeps};
    auto made = [&] {
      const py::gil_scoped_release unlocked;
      return EmbeddedRun::Create(options, [&](Registry& registry) {
        const py::gil_scoped_acquire lock;
        AddUserParts(parts, host_, registry);
      });
    }();
    if (!made) Raise(made.error(), TakeRaised());
    run_ = *std::move(made);
    host_.run = run_.get();
  }
  ~PythonRun() {
    if (!run_) return;
    const py::gil_scoped_release unlocked;  // commands of a page may be in a function of the user's
    run_->StopPage();
  }
  PythonRun(const PythonRun&) = delete;
  PythonRun& operator=(const PythonRun&) = delete;

  /// The answers as a JSON list, whether `exit` was given, whether Ctrl-C came, what a function of the
  /// user's has raised, and RecordingFailure().
  py::tuple Run(const std::string& commands) {
    Turn turn(mutex_, host_);
    turn.Change();
    if (closed_) Raise(Refused("the session is closed", "begin another: delstep.Session()"));
    host_.raised = py::object();
    host_.interrupted = false;
    const struct End {
      ~End() { host.EndCommand(); }
      PartHost& host;
    } end{host_};
    if (!host_.BeginCommand())
      Raise(Interrupted("the command that this one is a part of was stopped"));
    EmbeddedRun::Answers answers;
    {
      std::optional<InterruptScope> interrupts;
      if (OnMainThread()) interrupts.emplace(stop_);
      const py::gil_scoped_release unlocked;
      answers = run_->Run(commands);
    }
    bool interrupted = std::exchange(host_.interrupted, false);
    if (PyErr_CheckSignals() != 0) {
      py::error_already_set raised;
      if (!raised.matches(PyExc_KeyboardInterrupt)) throw raised;
      interrupted = true;
    }
    return py::make_tuple(ListOf(answers.objects), answers.exits, interrupted, TakeRaised(),
                          RecordingFailure());
  }
  void Stop() { host_.Stop(); }
  /// From now on no command begins; what runs in another thread is stopped, and waited for. A thread
  /// that came back from a command into a Python that has ended would take the process down. Ctrl-C
  /// ends the waiting: a function of the user's may never come back. Returns RecordingFailure().
  py::object Close() {
    closed_ = true;
    if (IsInsidePart(host_)) return py::none();
    while (!StopAndLook())
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    {
      const py::gil_scoped_release unlocked;
      run_->StopPage();
    }
    return RecordingFailure();
  }

  /// Both addresses: the one that may do everything, and the one that may only look.
  py::tuple ServePage(int port, const std::string& bind) {
    const Turn turn(mutex_, host_);
    if (closed_) Raise(Refused("the session is closed", "begin another: delstep.Session()"));
    const auto addresses = run_->ServePage(port, bind);
    if (!addresses) Raise(addresses.error());
    return py::make_tuple(addresses->command, addresses->watch);
  }
  bool EndPage() {
    const Turn turn(mutex_, host_);
    return run_->EndPage();
  }

  std::vector<std::string> notes() const { return run_->notes(); }
  std::int64_t now() {
    const Turn turn(mutex_, host_);
    return run_->simulation().now().time_since_epoch().count();
  }
  std::uint64_t cycle() {
    const Turn turn(mutex_, host_);
    return run_->simulation().cycle();
  }
  std::uint64_t moment() {
    const Turn turn(mutex_, host_);
    return run_->session().history().moments().present().number;
  }
  std::string prompt() {
    const Turn turn(mutex_, host_);
    return run_->session().Prompt();
  }
  std::string Help(const std::string& topic) {
    const Turn turn(mutex_, host_);
    const auto lines =
        HelpLines(topic, {.registry = run_->registry(), .scenario = run_->simulation().scenario()});
    if (!lines) Raise(lines.error());
    return Join(*lines, "\n");
  }
  py::tuple Complete(const std::string& line) {
    const Turn turn(mutex_, host_);
    const Completion completion = run_->session().Complete(line);
    return py::make_tuple(completion.begin, completion.words);
  }
  std::string ConfigJson() {
    const Turn turn(mutex_, host_);
    std::vector<std::string> members;
    for (const Config::Row& row : run_->config().Show())
      members.push_back(fmt::format("\"{}\":{}", row.key, row.json.empty() ? "null" : row.json));
    return '{' + Join(members, ",") + '}';
  }
  std::string Events(std::uint64_t since) {
    const Turn turn(mutex_, host_);
    return run_->Events(since);
  }
  py::tuple EventNumbers() {
    const Turn turn(mutex_, host_);
    return py::make_tuple(run_->oldest_event(), run_->next_event());
  }
  std::string MetricsTable() {
    const Turn turn(mutex_, host_);
    return run_->MetricsTable();
  }

  py::list Nodes() {
    const Turn turn(mutex_, host_);
    return NodeRows(run_->simulation());
  }
  py::list Links() {
    const Turn turn(mutex_, host_);
    return LinkRows(run_->simulation());
  }

  py::dict Model(const std::string& node) {
    const Turn turn(mutex_, host_);
    const Simulation& simulation = run_->simulation();
    ModelValues model = simulation.Model(Find(node));
    using Owner = std::shared_ptr<const void>;
    const py::capsule owner(new Owner(std::move(model.owner)),
                            [](void* held) { delete static_cast<Owner*>(held); });
    const py::array_t<float> row(static_cast<py::ssize_t>(model.values.size()), model.values.data(),
                                 owner);
    row.attr("flags").attr("writeable") = false;
    return TensorsOf(simulation.model_layout().model, model.values.data(), row);
  }
  /// Returns RecordingFailure().
  py::object SetModel(const std::string& node, const py::dict& tensors) {
    Turn turn(mutex_, host_);
    turn.Change();
    const NodeId id = Find(node);
    const ModelValues present = run_->simulation().Model(id);
    std::vector<float> values(present.values.begin(), present.values.end());
    TakeTensors(run_->simulation().model_layout().model, tensors, values.data());
    if (const auto set = run_->SetModel(id, values); !set) Raise(set.error());
    return RecordingFailure();
  }

 private:
  /// Whether no command runs any more.
  bool StopAndLook() {
    const py::gil_scoped_release unlocked;
    host_.Stop();
    if (!mutex_.try_lock_for(std::chrono::milliseconds(50))) return false;
    mutex_.unlock();
    return true;
  }
  /// Why the record of the run has ended, once; else None.
  py::object RecordingFailure() {
    const auto failure = run_->TakeRecordingFailure();
    return failure ? PythonText(failure->message) : py::none();
  }
  py::object TakeRaised() {
    py::object raised = std::exchange(host_.raised, py::object());
    return raised ? raised : py::none();
  }

  NodeId Find(const std::string& node) const {
    if (const auto found = run_->simulation().Find(node)) return *found;
    Raise(Refused(fmt::format("no node named '{}'", node), "list the nodes: session.nodes()"));
  }

  std::timed_mutex mutex_;
  std::atomic<bool> closed_ = false;
  PartHost host_;
  const std::function<void()> stop_;
  std::unique_ptr<EmbeddedRun> run_;
};

std::vector<std::pair<std::string, std::string>> Scenarios() {
  std::vector<std::pair<std::string, std::string>> scenarios;
  for (const ScenarioEntry& entry : ListScenarios())
    scenarios.emplace_back(entry.name, entry.about);
  return scenarios;
}

/// Names that a part of the user's cannot have, by kind.
std::map<std::string, std::vector<std::string>> BuiltInParts() {
  const Registry registry = MakeRegistry(UsualDataFolders());
  return {{"aggregation", registry.aggregators.Names()},
          {"behaviour", registry.behaviours.Names()},
          {"partition", registry.partitioners.Names()}};
}

}  // namespace
}  // namespace delstep

PYBIND11_MODULE(_native, module) {
  using namespace delstep;
  LookForScenariosIn(ScenarioFolders());
  module.attr("version") = Version();
  module.attr("knows_numpy_2") = PYBIND11_VERSION_HEX >= 0x020C0000;
  module.def("scenarios", &Scenarios);
  module.def("built_in_parts", &BuiltInParts);
  BindUserParts(module);
  py::class_<PythonRun>(module, "Run")
      .def(py::init<std::string, std::vector<std::string>, std::string, std::string, bool,
                    const py::dict&>(),
           py::arg("scenario"), py::arg("overrides"), py::arg("resume"), py::arg("out"),
           py::arg("keeps"), py::arg("parts"))
      .def("run", &PythonRun::Run, py::arg("commands"))
      .def("stop", &PythonRun::Stop)
      .def("close", &PythonRun::Close)
      .def("serve_page", &PythonRun::ServePage, py::arg("port"), py::arg("bind"))
      .def("end_page", &PythonRun::EndPage)
      .def_property_readonly("notes", &PythonRun::notes)
      .def_property_readonly("now", &PythonRun::now)
      .def_property_readonly("cycle", &PythonRun::cycle)
      .def_property_readonly("moment", &PythonRun::moment)
      .def_property_readonly("prompt", &PythonRun::prompt)
      .def("help", &PythonRun::Help, py::arg("topic"))
      .def("complete", &PythonRun::Complete, py::arg("line"))
      .def("config", &PythonRun::ConfigJson)
      .def("events", &PythonRun::Events, py::arg("since"))
      .def("event_numbers", &PythonRun::EventNumbers)
      .def("metrics", &PythonRun::MetricsTable)
      .def("nodes", &PythonRun::Nodes)
      .def("links", &PythonRun::Links)
      .def("model", &PythonRun::Model, py::arg("node"))
      .def("set_model", &PythonRun::SetModel, py::arg("node"), py::arg("tensors"));
}
