// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/directory.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace directory_test {

using namespace server_test;
namespace fs = std::filesystem;

// A folder that goes with the test, with a secret beside what is served.
struct folder {
  folder() {
    std::string name = (fs::temp_directory_path() / "sesame-directory-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    base = name;
    root = base / "root";
    fs::create_directories(root / "deep" / "er");
    put(base / "secret.txt", "the secret of the house");
    put(root / "a.txt", "a text");
    put(root / "page.md", "# \u00e9");
    put(root / "deep" / "er" / "b c.json", "{}");
    put(root / "picture.png", "a picture by its name");
    put(root / "noise.txt", "\xff\xfe");
    put(root / "zero", std::string_view{"a\0b", 3});
    put(root / "plain", "no ending");
    put(root / "empty.txt", "");
    put(root / ".hidden", "under the stairs");
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { fs::remove_all(base); }

  static void put(const fs::path& where, std::string_view what) {
    std::ofstream{where, std::ios::binary}.write(what.data(),
                                                 static_cast<std::streamsize>(what.size()));
  }
  fs::path base;
  fs::path root;
};

struct fixture : folder {
  sesame::server<sesame::directory<>> server{
      {.name = "files", .version = "1", .on_error = [](std::string_view) {}},
      sesame::directory{{.root = root.string(), .uri = "docs://files/", .max_size = 100}}};
  direct client{server.engine()};
  // With one lock less on the door.
  sesame::server<sesame::directory<>> shown{
      {.name = "shown", .version = "1", .on_error = [](std::string_view) {}},
      sesame::directory{{.root = root.string(), .uri = "docs://files/", .hidden = true}}};
  direct other{shown.engine()};

  std::string answer(std::string_view path) {
    return client(stateless(1, "resources/read",
                            R"("uri":)" + json_string("docs://files/" + std::string{path})));
  }
  std::string contents(std::string_view path) { return at(answer(path), "/result/contents/0"); }
  // No word of what is outside, and no word on why.
  bool hides(std::string_view path) { return is_silent(answer(path)); }
  bool hides_from_both(std::string_view path) {
    return hides(path) && is_silent(other(stateless(
                              1, "resources/read",
                              R"("uri":)" + json_string("docs://files/" + std::string{path}))));
  }
  static bool is_silent(std::string_view refused) {
    return at(refused, "/error/code") == "-32602" && at(refused, "/result").empty() &&
           refused.find("secret of the house") == std::string::npos &&
           refused.find("under the stairs") == std::string::npos;
  }
};

TEST_CASE_FIXTURE(fixture, "files are text or bytes, by their names and by what is in them") {
  CHECK(contents("a.txt") ==
        R"({"uri":"docs://files/a.txt","mimeType":"text/plain","text":"a text"})");
  CHECK(contents("page.md") ==
        "{\"uri\":\"docs://files/page.md\",\"mimeType\":\"text/markdown\",\"text\":\"# \u00e9\"}");
  CHECK(contents("deep/er/b%20c.json") == R"({"uri":"docs://files/deep/er/b%20c.json",)"
                                          R"("mimeType":"application/json","text":"{}"})");
  CHECK(at(contents("picture.png"), "/blob") == "\"YSBwaWN0dXJlIGJ5IGl0cyBuYW1l\"");
  CHECK(at(contents("noise.txt"), "/blob") == "\"//4=\"");
  CHECK(at(contents("zero"), "/blob") == "\"YQBi\"");
  CHECK(at(contents("zero"), "/mimeType") == "\"application/octet-stream\"");
  CHECK(at(contents("plain"), "/mimeType") == "\"text/plain\"");
  CHECK(at(contents("empty.txt"), "/text") == "\"\"");
}

TEST_CASE_FIXTURE(fixture, "a path has no way out") {
  for (const auto path : {"../secret.txt",
                          "deep/../../secret.txt",
                          "deep/../a.txt",
                          "./a.txt",
                          "..",
                          ".",
                          "deep/..",
                          "deep/.",
                          "deep/er/../../../secret.txt",
                          "/etc/passwd",
                          "//etc/passwd",
                          "deep//er/b%20c.json",
                          "",
                          "/",
                          "deep/",
                          "deep/er/",
                          "a.txt/",
                          "a.txt/..",
                          "a.txt/../a.txt",
                          "..;/secret.txt"})
    CHECK_MESSAGE(hides_from_both(path), path);
}

TEST_CASE_FIXTURE(fixture, "encoded once or often, a path has no way out") {
  for (const auto path : {"%2e%2e/secret.txt",
                          "%2E%2E/secret.txt",
                          "..%2fsecret.txt",
                          "%2e%2e%2fsecret.txt",
                          "%252e%252e/secret.txt",
                          "..%252fsecret.txt",
                          "%2fetc%2fpasswd",
                          "deep%2f..%2f..%2fsecret.txt",
                          "..%5csecret.txt",
                          "..%5Csecret.txt",
                          "%c0%ae%c0%ae/secret.txt",
                          "%c0%afetc",
                          "%e0%80%ae%e0%80%ae/secret.txt",
                          "%uff0e%uff0e/secret.txt",
                          "a.txt%00",
                          "%00",
                          "a.txt%00.png",
                          "..%00/secret.txt",
                          "%ef%bc%8e%ef%bc%8e/secret.txt",
                          "%2e/a.txt",
                          "a.txt%2f",
                          "a.txt%0a"})
    CHECK_MESSAGE(hides_from_both(path), path);
  // An encoded slash is a slash after the one decoding, and leads nowhere else than a plain one.
  CHECK(at(contents("deep%2fer%2fb%20c.json"), "/text") == "\"{}\"");
}

TEST_CASE_FIXTURE(fixture, "what is no URI is refused before anything is opened") {
  for (const auto path : {"..\\secret.txt", "a b.txt", "a\ntxt", "\u00e9", "a#b#c", "%zz", "%2"})
    CHECK_MESSAGE(hides_from_both(path), path);
}

TEST_CASE_FIXTURE(fixture, "symbolic links are not followed, wherever they stand and lead") {
  fs::create_symlink(base / "secret.txt", root / "out.txt");
  fs::create_symlink("../secret.txt", root / "relative.txt");
  fs::create_directory_symlink(base, root / "up");
  fs::create_directory_symlink("/", root / "everything");
  fs::create_symlink("a.txt", root / "within.txt");
  fs::create_symlink("loop", root / "loop");
  for (const auto path : {"out.txt", "relative.txt", "up/secret.txt", "everything/etc/passwd",
                          "within.txt", "loop", "loop/a"})
    CHECK_MESSAGE(hides_from_both(path), path);
}

TEST_CASE_FIXTURE(fixture, "only regular files are read, and nothing waits for another") {
  REQUIRE(::mkfifo((root / "pipe").c_str(), 0600) == 0);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto name = (root / "socket").string();
  REQUIRE(name.size() < sizeof address.sun_path);
  name.copy(address.sun_path, name.size());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  for (const auto path : {"pipe", "socket", "deep", "deep/er"}) CHECK_MESSAGE(hides(path), path);
  ::close(listener);

  sesame::server devices{{.name = "devices", .version = "1"},
                         sesame::directory{{.root = "/dev", .uri = "dev://"}}};
  direct device{devices.engine()};
  for (const auto path : {"zero", "null", "stdin", "fd/0", "tty"})
    CHECK(at(device(stateless(1, "resources/read", R"("uri":"dev://)"s + path + "\"")),
             "/error/code") == "-32602");
}

TEST_CASE_FIXTURE(fixture, "what is hidden stays so, unless it is asked to be shown") {
  put(root / "deep" / ".git", "under the stairs");
  CHECK(hides(".hidden"));
  CHECK(hides("deep/.git"));
  CHECK(hides("%2ehidden"));
  CHECK(text_at(other(stateless(1, "resources/read", R"("uri":"docs://files/.hidden")")),
                "/result/contents/0/text") == "under the stairs");
}

TEST_CASE_FIXTURE(fixture, "a file may have the size that is allowed, and no byte more") {
  put(root / "fits", std::string(100, 'x'));
  put(root / "large", std::string(101, 'x'));
  CHECK(text_at(answer("fits"), "/result/contents/0/text").size() == 100);
  CHECK(at(answer("large"), "/error") ==
        R"({"code":-32603,"message":"Internal error: the file is too large to be read"})");
}

TEST_CASE_FIXTURE(fixture, "a file that is changed or gone is so at the next reading") {
  put(root / "a.txt", "another");
  CHECK(at(contents("a.txt"), "/text") == "\"another\"");
  fs::remove(root / "a.txt");
  CHECK(hides("a.txt"));
  // The folder is the one that was there at the start, also if another takes its name.
  fs::rename(root, base / "moved");
  fs::create_directory(root);
  put(root / "plain", "an impostor");
  CHECK(at(contents("plain"), "/text") == "\"no ending\"");
}

TEST_CASE_FIXTURE(fixture, "without a URI of its own a folder goes by its path") {
  sesame::server plain{{.name = "plain", .version = "1"},
                       sesame::directory{{.root = root.string(), .name = "house"}}};
  direct by_path{plain.engine()};
  const auto listed = by_path(stateless(1, "resources/templates/list"));
  const auto uri = "file://" + fs::canonical(root).string();
  CHECK(text_at(listed, "/result/resourceTemplates/0/uriTemplate") == uri + "/{+path}");
  CHECK(text_at(listed, "/result/resourceTemplates/0/name") == "house");
  CHECK(text_at(by_path(stateless(1, "resources/read", R"("uri":)" + json_string(uri + "/plain"))),
                "/result/contents/0/text") == "no ending");
  CHECK(at(by_path(stateless(1, "resources/read", R"("uri":"file:///etc/passwd")")),
           "/error/code") == "-32602");
}

TEST_CASE_FIXTURE(fixture, "a folder has policies as a service has") {
  const sesame::test_issuer issuer;
  sesame::server closed{{.name = "closed", .version = "1", .on_error = [](std::string_view) {}},
                        sesame::directory<sesame::authenticated<sesame::jwt_provider>>{
                            {.root = root.string(), .uri = "docs://"}},
                        issuer.provider()};
  direct guarded{closed.engine()};
  CHECK(at(guarded(stateless(1, "resources/read", R"("uri":"docs://plain")")), "/error/code") ==
        "401");
  CHECK(text_at(guarded(stateless(1, "resources/read", R"("uri":"docs://plain")",
                                  meta("{}", authorization(issuer.mint())))),
                "/result/contents/0/text") == "no ending");
}

TEST_CASE_FIXTURE(fixture, "a folder that is none, and a URI that leads nowhere, do not start") {
  using sesame::configuration_error;
  using sesame::directory;
  CHECK_THROWS_WITH_AS((directory{{.root = (root / "none").string()}}), doctest::Contains("root"),
                       configuration_error);
  CHECK_THROWS_WITH_AS((directory{{.root = (root / "a.txt").string()}}), doctest::Contains("root"),
                       configuration_error);
  for (const auto uri : {"docs", "docs:", "docs://files", "/files/", "docs://{a}/", "docs://a b/"})
    CHECK_THROWS_WITH_AS((directory{{.root = root.string(), .uri = uri}}), doctest::Contains("uri"),
                         configuration_error);
  CHECK_THROWS_WITH_AS(
      (sesame::server{sesame::server_options{.name = "two", .version = "1"},
                      directory{{.root = root.string(), .uri = "docs://"}},
                      directory{{.root = (root / "deep").string(), .uri = "docs://"}}}),
      doctest::Contains("the same"), configuration_error);
}

}  // namespace directory_test
