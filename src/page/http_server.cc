#include "page/http_server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>

#include "base/text.h"
#include "page/connections.h"
#include "page/page_html.h"
#include "page/request_stream.h"
#include "page/shown_address.h"

namespace delstep {
namespace {

// So many pages may look, and so many threads are there; of both some are kept for those who command.
constexpr std::size_t kStreams = 64, kStreamsKept = 4, kThreads = kStreams + 32, kKept = 8;
constexpr int kBodiesOfWatchers = 16;
constexpr std::size_t kMostBody = std::size_t{1} << 20, kPiece = std::size_t{16} << 10;

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: "
    "blob:; "
    "font-src data:; worker-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

std::string HeaderOf(const httplib::Request& request, const char* name) {
  return request.get_header_value(name);
}

std::string TokenOf(const httplib::Request& request) {
  if (request.has_header("X-Delstep-Token")) return HeaderOf(request, "X-Delstep-Token");
  return request.get_param_value("token");
}

/// Counts while it lives.
class Counted {
 public:
  Counted(std::atomic<int>& counter, int by) : counter_(counter), by_(by), count_(counter += by) {}
  ~Counted() { counter_ -= by_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int count() const { return count_; }  ///< this one included

 private:
  std::atomic<int>& counter_;
  const int by_, count_;
};

/// The library reads the body only after this, so nobody without a token can send a megabyte.
bool MayPost(std::string_view path, Rights rights) {
  return rights == Rights::kCommand || path == "/api/vote";
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(PageSource& source, StreamHub& hub, Options options)
      : source_(source), hub_(hub), options_(std::move(options)) {}

  Result<void> Start() {
    DELSTEP_ASSIGN(PageTokens tokens, MakeTokens());
    Configure();
    DELSTEP_ASSIGN(const int port, Bind());
    access_.emplace(
        std::move(tokens),
        Access::Place{.bound = options_.bind, .shown = ShownAddress(options_.bind), .port = port});
    connections_.emplace(
        server_.listening(), Connections::Limits{.threads = kThreads, .kept = kKept},
        Connections::Calls{
            .answer = [this](Connection& connection) { return server_.Answer(connection); },
            .goes_first =
                [this](const Connection& connection) {
                  return access_->LooksLikeCommand(connection.read);
                }});
    return {};
  }
  void StopListening() {
    if (connections_) connections_->StopListening();
  }
  const Access& access() const { return *access_; }

 private:
  void Configure() {
    // The library's own choice would let a second program listen on the same port.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.set_payload_max_length(kMostBody);
    server_.set_tcp_nodelay(true);
    // What the answers say of themselves; a little less than what holds.
    server_.set_keep_alive_max_count(100'000);
    server_.set_keep_alive_timeout(25);
    server_.set_default_headers({{"Content-Security-Policy", std::string(kPolicy)},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"X-Frame-Options", "DENY"},
                                 {"Referrer-Policy", "no-referrer"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"},
                                 {"Cache-Control", "no-store"}});
    server_.set_pre_routing_handler(
        [this](const auto& request, auto& response) { return Check(request, response); });
    server_.set_error_handler([](const auto& request, auto& response) {
      if (response.body.empty()) Say(response, Explain(response.status, request.path));
    });
    server_.set_exception_handler([](const auto&, auto& response, std::exception_ptr) {
      Say(response, PageRefusal(500, "the request could not be answered"));
    });
    // Everything else is a question or an order for the source: routes are its business.
    server_.Get("/", [this](const auto&, auto& response) { ShowPage(response); });
    server_.Get("/api/stream",
                [this](const auto& request, auto& response) { Stream(request, response); });
    server_.Get("/.*", [this](const auto& request, auto& response) {
      Say(response, source_.Get(Question(request)));
    });
    server_.Post("/.*",
                 [this](const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& read) { TakePost(request, response, read); });
  }

  Result<int> Bind() {
    errno = 0;
    const int port = options_.port == 0 ? server_.bind_to_any_port(options_.bind)
                     : server_.bind_to_port(options_.bind, options_.port) ? options_.port
                                                                          : -1;
    if (port > 0) return LetManyCome(port);
    const int failed = errno;
    if (failed == EADDRINUSE)
      return Error{.code = ErrorCode::kUnavailable,
                   .message = fmt::format("port {} of {} is in use", options_.port, options_.bind),
                   .hint = "choose another one, or 0 for any that is free"};
    return Error{
        .code = ErrorCode::kUnavailable,
        .message = fmt::format("cannot listen on {}, port {}: {}", options_.bind, options_.port,
                               failed == 0 ? "no such address" : std::strerror(failed)),
        .hint = "127.0.0.1 is this machine alone; 0.0.0.0 is every address that it has"};
  }

  /// The library lets five clients wait for a connection. A class that opens its pages at once is
  /// more: the kernel then resets those that come too many.
  int LetManyCome(int port) {
    listen(server_.listening(), SOMAXCONN);
    return port;
  }

  static void Say(httplib::Response& response, const PageAnswer& answer) {
    response.status = answer.status;
    response.set_content(answer.body, answer.type);
  }

  /// No HTML: the words may hold what a foreign page has sent.
  static PageAnswer InWords(const Access::Verdict& verdict) {
    return {.status = 403,
            .body = fmt::format("DEL-Step does not show this page: {}\nhint: {}\n", verdict.message,
                                verdict.hint),
            .type = "text/plain; charset=utf-8"};
  }

  static PageAnswer Explain(int status, const std::string& path) {
    if (status == 413)
      return PageRefusal(413, "the body is larger than 1 MiB", "write long scripts into a file");
    if (status == 404) return NoSuchPath(path);
    if (status == 415)
      return PageRefusal(415, "the body is of a kind that is not read here", "send JSON");
    if (status == 400)
      return PageRefusal(400, "the body is not whole, or not well formed", "send it again");
    return PageRefusal(status, "the request is no HTTP that this server understands");
  }

  using Handled = httplib::Server::HandlerResponse;

  /// Before anything else, whatever is asked. The library calls nothing where this has answered.
  Handled Check(const httplib::Request& request, httplib::Response& response) {
    // The library would answer each part of a Range, as often as it is named: a small request could
    // ask for gigabytes. Nobody needs parts here. The request is the library's own, and not const.
    const_cast<httplib::Request&>(request).ranges.clear();
    const std::string host = HeaderOf(request, "Host"), origin = HeaderOf(request, "Origin"),
                      token = TokenOf(request);
    const Access::Verdict verdict =
        access_->Judge({.host = host,
                        .origin = origin,
                        .token = token,
                        .hosts = request.get_header_value_count("Host"),
                        .origins = request.get_header_value_count("Origin")});
    if (verdict.rights == Rights::kNone) {
      // The page itself is asked for by a person who has typed an address.
      Say(response,
          request.path == "/" ? InWords(verdict) : PageRefusal(403, verdict.message, verdict.hint));
      return Handled::Handled;
    }
    if (request.method == "POST" && !MayPost(request.path, verdict.rights)) {
      Say(response, PageRefusal(403, "this address may only look on",
                                "commands need the first address that the program has printed"));
      return Handled::Handled;
    }
    // The library takes the first of several, and reads so much of the body alone.
    if (request.get_header_value_count("Content-Length") > 1) {
      Say(response, Explain(400, request.path));
      return Handled::Handled;
    }
    if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
      Say(response, NoSuchPath(request.path));
      return Handled::Handled;
    }
    return Handled::Unhandled;
  }

  Rights RightsOf(const httplib::Request& request) const {
    const std::string host = HeaderOf(request, "Host"), token = TokenOf(request);
    return access_->Judge({.host = host, .origin = {}, .token = token}).rights;
  }

  PageQuestion Question(const httplib::Request& request) const {
    PageQuestion question{.path = request.path,
                          .parameters = {},
                          .body = {},
                          .rights = RightsOf(request),
                          .client = HeaderOf(request, "X-Delstep-Client"),
                          .from = request.remote_addr};
    for (const auto& [name, value] : request.params) question.parameters.emplace(name, value);
    question.parameters.erase("token");
    return question;
  }

  void TakePost(const httplib::Request& request, httplib::Response& response,
                const httplib::ContentReader& read) {
    PageQuestion question = Question(request);
    if (request.is_multipart_form_data()) return Say(response, Explain(415, request.path));
    // A body that comes slowly has a thread meanwhile. Those who look on never have all of them.
    const bool watches = question.rights == Rights::kWatch;
    const Counted reading(looked_on_bodies_, watches ? 1 : 0);
    if (watches && reading.count() > kBodiesOfWatchers)
      return Say(response, PageRefusal(503, "too many send something at once", "send it again"));
    // The library's own limit knows only bodies that say how long they are.
    bool fits = true;
    const bool whole = read([&](const char* data, std::size_t length) {
      fits = fits && question.body.size() + length <= kMostBody;
      if (fits) question.body.append(data, length);
      return fits;
    });
    if (!fits || response.status == 413) return Say(response, Explain(413, request.path));
    // Half a command may be another command: `node down 10.0.0.1` of `node down 10.0.0.12`.
    if (!whole || response.status >= 400)
      return Say(response, Explain(response.status >= 400 ? response.status : 400, request.path));
    Say(response, source_.Post(question));
  }

  void ShowPage(httplib::Response& response) {
    std::string html(PageHtml());
    if (!options_.page_file.empty()) {
      std::ifstream file(options_.page_file, std::ios::binary);
      html.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    response.set_content(PageWithNodes(html, source_.NodesInText()), "text/html; charset=utf-8");
  }

  void Stream(const httplib::Request& request, httplib::Response& response) {
    const bool watches = RightsOf(request) == Rights::kWatch;
    if (hub_.clients() >= (watches ? kStreams - kStreamsKept : kStreams))
      return Say(response, PageRefusal(503, fmt::format("{} pages look already", kStreams),
                                       "close one, or look again later"));
    const std::string last = request.has_header("Last-Event-ID")
                                 ? HeaderOf(request, "Last-Event-ID")
                                 : request.get_param_value("since");
    // A page that comes again says what it saw last; the browser does that by itself.
    std::shared_ptr<StreamHub::Client> client = hub_.Join(ParseUnsigned(last));
    response.set_header("X-Accel-Buffering", "no");
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, client](std::size_t, httplib::DataSink& sink) {
          const auto text = hub_.Next(*client);
          if (text) return WriteInPieces(sink, *client, *text);
          sink.done();
          return true;
        },
        [this, client](bool) { hub_.Leave(*client); });
  }

  /// A page that reads slowly is dropped between two pieces.
  bool WriteInPieces(httplib::DataSink& sink, const StreamHub::Client& client,
                     std::string_view text) const {
    while (!text.empty()) {
      const std::string_view piece = text.substr(0, kPiece);
      if (hub_.Lags(client) || !sink.write(piece.data(), piece.size())) return false;
      text.remove_prefix(piece.size());
    }
    return true;
  }

  PageSource& source_;
  StreamHub& hub_;
  const Options options_;
  std::optional<Access> access_;
  RequestAnswerer server_;
  std::atomic<int> looked_on_bodies_ = 0;   // being read
  std::optional<Connections> connections_;  // goes first: its threads use all of the above
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;
void HttpServer::StopListening() { impl_->StopListening(); }
const Access& HttpServer::access() const { return impl_->access(); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(PageSource& source, StreamHub& hub,
                                                      Options options) {
  auto impl = std::make_unique<Impl>(source, hub, std::move(options));
  DELSTEP_TRY(impl->Start());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

}  // namespace delstep
