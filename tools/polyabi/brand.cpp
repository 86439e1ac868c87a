#include "brand.hpp"

#include "identify.hpp"

#include <polyabi/activators/brand.hpp>
#include <polyabi/activators/format.hpp>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace polyabi::tool {

namespace elf = activators::elf;

namespace {

/// An ELF file of the host, open for reading or for changing its brand.
class elf_file {
public:
  elf_file(const std::string& path, bool to_write)
      : descriptor_{::open(path.c_str(), (to_write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)} {
    problem_ = check(to_write);
  }
  elf_file(const elf_file&) = delete;
  elf_file& operator=(const elf_file&) = delete;
  ~elf_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  const std::string& problem() const { return problem_; }
  u8 brand() const { return identification_[elf::ei_osabi]; }

  std::string set_brand(u8 value) {
    if (::pwrite(descriptor_, &value, 1, elf::ei_osabi) != 1 || ::fsync(descriptor_) != 0) return std::strerror(errno);
    return {};
  }

private:
  std::string check(bool to_write) {
    struct stat status {};
    if (descriptor_ < 0 && errno == ETXTBSY) return "is being executed: end it first, or brand a copy";
    if (descriptor_ < 0 && to_write && (errno == EACCES || errno == EROFS))
      return fmt::format("cannot be changed: {}", std::strerror(errno));
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) return std::strerror(errno);
    if (!S_ISREG(status.st_mode)) return S_ISDIR(status.st_mode) ? "a directory" : "not a regular file";
    const ssize_t size = ::pread(descriptor_, identification_, sizeof identification_, 0);
    const std::string_view beginning{reinterpret_cast<const char*>(identification_), size < 0 ? 0 : static_cast<usize>(size)};
    const activators::file_format format = activators::recognise_format(beginning);
    if (format == activators::file_format::unknown) return "not an ELF file: only those carry a brand";
    if (format != activators::file_format::elf)
      return fmt::format("{}, not ELF: only ELF files carry a brand; see `polyabi identify`", activators::format_name(format));
    if (beginning.size() < sizeof identification_) return "the file is shorter than an ELF identification";
    return {};
  }

  int descriptor_;
  u8 identification_[elf::ident_size]{};
  std::string problem_;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string brand_text(u8 value) {
  const std::string_view name = activators::os_abi_name(value);
  return fmt::format("'{}' ({})", name.empty() ? "unknown" : name, value);
}

std::string list_text() {
  std::string text = "value  name        personality\n";
  for (const known_brand& brand : known_brand_names()) {
    std::string line = fmt::format("{:>5}  {:<10}  {}", brand.value, brand.name, brand.personality);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

} // namespace

std::vector<known_brand> known_brand_names() {
  std::vector<known_brand> all;
  for (unsigned value = 0; value <= 255; ++value) {
    const std::string_view name = activators::os_abi_name(static_cast<u8>(value));
    if (name.empty()) continue;
    known_brand& brand = all.emplace_back();
    brand.value = static_cast<u8>(value);
    brand.name = name;
    for (const activators::named_brand& personality : known_brands()) {
      const auto& claimed = personality.rules->os_abi;
      const bool is_variant = activators::family_of(personality.name) != personality.name;
      if (!is_variant && brand.personality.empty() && std::find(claimed.begin(), claimed.end(), brand.value) != claimed.end())
        brand.personality = personality.name;
    }
  }
  return all;
}

std::optional<u8> brand_value(const std::string& name) {
  const std::string wanted = lower(name);
  if (wanted == "svr4" || wanted == "sysv") return u8{0};
  for (const known_brand& brand : known_brand_names())
    if (lower(brand.name) == wanted) return brand.value;
  return std::nullopt;
}

file_brand read_brand(const std::string& path) {
  const elf_file file{path, false};
  if (!file.problem().empty()) return {std::nullopt, file.problem()};
  return {file.brand(), {}};
}

std::string write_brand(const std::string& path, u8 value) {
  elf_file file{path, true};
  return file.problem().empty() ? file.set_brand(value) : file.problem();
}

void add_brand(CLI::App& app, int& status) {
  struct arguments {
    std::vector<std::string> files;
    std::string type;
    unsigned number = 0;
    bool list = false, verbose = false;
  };
  const auto given = std::make_shared<arguments>();
  CLI::App* command = app.add_subcommand("brand", "Show or change the system that ELF files are marked for");
  command->add_flag("-l,--list", given->list, "List the brands that are known, and whose personality claims each");
  CLI::Option* type = command->add_option("-t,--type", given->type, "Mark the files for this system")->type_name("NAME");
  CLI::Option* number =
      command->add_option("-f,--force", given->number, "Mark the files with this number")->type_name("NUMBER");
  number->check(CLI::Range(0, 255));
  type->excludes(number);
  command->add_flag("-v,--verbose", given->verbose, "Tell what is changed");
  command->add_option("FILE", given->files, "ELF files");
  command->footer("Exit status: 0 if every file could be shown or changed, 1 otherwise.\n\n"
                  "Examples:\n"
                  "  polyabi brand -l\n"
                  "  polyabi brand /bin/ls\n"
                  "  polyabi brand -v -t Solaris ./program\n"
                  "  polyabi brand -f 0 ./program");
  command->callback([given, type, number, &status] {
    status = 0;
    if (given->list) fmt::print("{}", list_text());
    const bool changes = type->count() != 0 || number->count() != 0;
    if (given->files.empty() && (changes || !given->list)) throw CLI::RequiredError{"FILE"};
    u8 wanted = static_cast<u8>(given->number);
    if (type->count() != 0) {
      const std::optional<u8> value = brand_value(given->type);
      if (!value)
        throw CLI::ValidationError{
            fmt::format("--type: there is no brand {}; `polyabi brand -l` lists those that there are, and "
                        "--force takes a number",
                        given->type)};
      wanted = *value;
    }
    for (const std::string& path : given->files) {
      const file_brand before = read_brand(path);
      std::string problem = before.problem;
      if (problem.empty() && changes) problem = write_brand(path, wanted);
      if (!problem.empty()) {
        fmt::print(stderr, "polyabi: {}: {}\n", path, problem);
        status = 1;
      } else if (!changes) {
        fmt::print("File '{}' is of brand {}.\n", path, brand_text(*before.value));
      } else if (given->verbose) {
        fmt::print("File '{}' was of brand {} and is of brand {} now.\n", path, brand_text(*before.value), brand_text(wanted));
      }
    }
  });
}

} // namespace polyabi::tool
