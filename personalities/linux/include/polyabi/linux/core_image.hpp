// Core files as Linux writes them (core(5)): an ELF file with notes of the process and its threads, and its memory in segments.
#pragma once

#include <polyabi/activators/elf_format.hpp>
#include <polyabi/core/core_dumps.hpp>
#include <polyabi/linux/core_name.hpp>
#include <polyabi/linux/handlers/kept_words.hpp>
#include <polyabi/linux/handlers/traced_floating_point.hpp>
#include <polyabi/linux/pseudo/memory_maps.hpp>
#include <polyabi/linux/structures/core.hpp>
#include <polyabi/linux/structures/processes.hpp>
#include <polyabi/linux/structures/signals.hpp>

namespace polyabi::linux_abi {

namespace core_images {

/// Bytes in kernel memory that grow. One that could not grow stays as it is, and says so.
template <class K>
class byte_list {
public:
  byte_list() = default;
  byte_list(const byte_list&) = delete;
  byte_list& operator=(const byte_list&) = delete;
  ~byte_list() { drop(); }

  [[gnu::noinline]] void add(const void* from, usize size) {
    if (size_ + size > room_ && !grow((size_ + size) * 2)) return;
    __builtin_memcpy(bytes_ + size_, from, size);
    size_ += size;
  }
  void align() {
    constexpr unsigned char zeros[4]{};
    add(zeros, (4 - size_ % 4) % 4);
  }
  unsigned char* data() const { return bytes_; }
  usize size() const { return size_; }
  bool failed() const { return failed_; }

private:
  bool grow(usize room) {
    auto* fresh = failed_ ? nullptr : static_cast<unsigned char*>(K::allocate(room));
    failed_ = fresh == nullptr;
    if (failed_) return false;
    if (size_ != 0) __builtin_memcpy(fresh, bytes_, size_);
    drop();
    bytes_ = fresh;
    room_ = room;
    return true;
  }
  void drop() {
    if (bytes_ != nullptr) K::deallocate(bytes_, room_);
  }
  unsigned char* bytes_ = nullptr;
  usize size_ = 0, room_ = 0;
  bool failed_ = false;
};

/// The notes, one after the other (gABI, chapter 5, "Note Section").
template <class Env>
class note_list {
public:
  using K = typename Env::kernel;
  using M = typename Env::model;
  using word = typename M::ulong;
  using region = native<K, shape::region_info>;
  using signal_details = native<K, shape::siginfo>;

  note_list(pseudo_context<K> of, const proc::information<K>& about, const signal_details& signal)
      : of_{of}, about_{about}, signal_{signal} {
    bool first = true;
    K::for_each_standing(of.reader, [&](typename K::tracee& thread) {
      add_status(thread);
      if (first) add_process();
      first = false;
      add_registers(thread);
    });
  }
  const byte_list<K>& bytes() const { return bytes_; }

private:
  static constexpr std::string_view common = "CORE", own = "LINUX";

  /// What is added until `end` is the note's.
  usize begin(std::string_view owner, u32 type) {
    const typename M::u32 head[] = {static_cast<u32>(owner.size() + 1), 0, type};
    bytes_.add(head, sizeof head);
    bytes_.add(owner.data(), owner.size());
    bytes_.add("", 1);
    bytes_.align();
    return bytes_.size();
  }
  void end(usize began, std::string_view owner) {
    if (bytes_.failed()) return;
    const usize head = began - (owner.size() + 1 + 3) / 4 * 4 - 12;
    const typename M::u32 size = static_cast<u32>(bytes_.size() - began);
    __builtin_memcpy(bytes_.data() + head + 4, &size, sizeof size);
    bytes_.align();
  }
  [[gnu::noinline]] void add(std::string_view owner, u32 type, const void* from, usize size) {
    const usize began = begin(owner, type);
    bytes_.add(from, size);
    end(began, owner);
  }

  void add_status(typename K::tracee& thread) {
    core_status<M> status{};
    status.signo = signal_to_linux<K>(signal_.signo);
    status.current_signal = static_cast<u16>(signal_to_linux<K>(signal_.signo));
    status.pid = thread.id;
    status.ppid = about_.ppid;
    status.pgrp = about_.pgid;
    status.sid = about_.sid;
    sigset<M> held{};
    const typename K::section inside;
    if (held.template from_native<K>(K::mask_of(thread)) == errc::none) status.held = held.words[0];
    status.has_floating_point = 1;
    handlers::detail::show(thread, status.registers);
    const typename K::outside_section while_it_grows;
    add(common, core_notes::status, &status, sizeof status);
  }

  void add_process() {
    core_process<M> process{};
    process.state_name = 'R';
    process.nice = static_cast<unsigned char>(about_.nice);
    process.uid = static_cast<typename core_process<M>::id::value_type>(about_.ids.ruid);
    process.gid = static_cast<typename core_process<M>::id::value_type>(about_.ids.rgid);
    process.pid = about_.pid;
    process.ppid = about_.ppid;
    process.pgrp = about_.pgid;
    process.sid = about_.sid;
    for (usize i = 0; i + 1 < sizeof process.name; ++i) process.name[i] = about_.name[i];
    char text[1024];
    const auto text_of = [&](process_text which) {
      const auto size = polyabi::perform<K>(op::process_text{}, of_.reader, of_.process, which, std::span<char>{text});
      return size ? static_cast<usize>(*size) : 0;
    };
    for (usize i = 0, size = text_of(process_text::arguments); i + 1 < sizeof process.arguments && i < size; ++i)
      process.arguments[i] = text[i] == '\0' ? ' ' : text[i];
    add(common, core_notes::process, &process, sizeof process);
    siginfo<M> details;
    (void)details.template from_native<K>(signal_);
    add(common, core_notes::details, &details, sizeof details);
    add(common, core_notes::auxiliary_vector, text, text_of(process_text::auxiliary_vector));
    add_files();
  }

  /// How many files are mapped, the size of a page, where each is, and then their names.
  void add_files() {
    const auto each = [&](auto visit) {
      (void)proc::maps_detail::each(of_, [&](const region& r, std::string_view path) {
        if (path.starts_with('/')) visit(r, path);
      });
    };
    u64 count = 0;
    each([&](const region&, std::string_view) { ++count; });
    const usize began = begin(common, core_notes::files);
    const word head[] = {to_word(count), to_word(page_size)};
    bytes_.add(head, sizeof head);
    each([&](const region& r, std::string_view) {
      const word record[] = {to_word(r.start), to_word(r.end), to_word(r.offset / page_size)};
      bytes_.add(record, sizeof record);
    });
    each([&](const region&, std::string_view path) {
      bytes_.add(path.data(), path.size());
      bytes_.add("", 1);
    });
    end(began, common);
  }
  static word to_word(u64 value) { return static_cast<typename word::value_type>(value); }

  void add_registers(typename K::tracee& thread) {
    add_set(thread, common, register_sets::floating_point);
    if (M::word_size == 4) add_set(thread, own, register_sets::extended_floating_point);
    add_set(thread, own, register_sets::extended_state);
    if (M::word_size == 4) add_areas(thread);
  }
  void add_set(typename K::tracee& thread, std::string_view owner, u64 which) {
    handlers::detail::register_image<K> image;
    if (image.begin(thread, which) != errc::none || !image.allocate() || image.fill(thread) != errc::none) return;
    add(owner, static_cast<u32>(which), image.bytes, image.size);
  }
  void add_areas(typename K::tracee& thread) {
    const thread_segments& segments = thread.stop().segments;
    user_desc<M> shown[thread_segments::area_count]{};
    for (u32 i = 0; i < thread_segments::area_count; ++i) {
      const thread_area& area = segments.areas[i];
      shown[i] = {thread_segments::first_area + i, area.base, area.limit, area.flags};
    }
    add(own, core_notes::thread_areas, shown, sizeof shown);
  }

  pseudo_context<K> of_;
  const proc::information<K>& about_;
  const signal_details& signal_;
  byte_list<K> bytes_;
};

/// The file: what it begins with, the notes, and what is in memory.
template <class Env>
class writer {
public:
  using K = typename Env::kernel;
  using M = typename Env::model;
  using region = native<K, shape::region_info>;

  writer(pseudo_context<K> of, typename K::file& to, u64 limit, u64 filter)
      : of_{of}, to_{to}, limit_{limit}, filter_{filter} {}

  bool write(const byte_list<K>& notes) {
    if (!room_) return false;
    each([&](const region&, u64) { ++segments_; });
    const u64 notes_at = sizeof(elf_header<M>) + (segments_ + 1) * sizeof(program_header);
    const u64 memory_at = (notes_at + notes.size() + page_size - 1) / page_size * page_size;
    return write_headers(notes_at, notes.size(), memory_at) && put(notes.data(), notes.size()) && write_memory(memory_at);
  }

private:
  using program_header = std::conditional_t<M::word_size == 8, elf_program_header_64, elf_program_header_32>;
  static constexpr usize piece = 16 * page_size;

  /// How much of it the file has: all of what the program can have changed; of a file that is mapped the first page, which
  /// tells which one it was. `filter` is what /proc/PID/coredump_filter of core(5) has.
  u64 stored(const region& r, bool is_file) const {
    const auto wants = [&](u32 bit) { return (filter_ >> bit & 1) != 0; };
    const auto may = proc::maps_detail::permissions_of<K>(r);
    const u64 all = r.end - r.start;
    if (r.not_dumped || !may.read) return 0;
    if (proc::maps_detail::is_shared<K>(r)) return wants(is_file ? 3 : 1) ? all : 0;
    if ((!is_file || r.changed || may.write) && wants(0)) return all;
    if (!is_file) return 0;
    if (wants(2)) return all;
    return wants(4) && r.offset == 0 ? page_size : 0;
  }

  /// Calls `visit(region, how much of it is stored)`.
  template <class Visit>
  void each(Visit visit) const {
    (void)proc::maps_detail::each(of_,
                                  [&](const region& r, std::string_view path) { visit(r, stored(r, path.starts_with('/'))); });
  }

  bool write_headers(u64 notes_at, u64 notes_size, u64 memory_at) {
    namespace elf = activators::elf;
    constexpr bool is_wide = M::word_size == 8;
    elf_header<M> header{};
    for (usize i = 0; i < sizeof elf::magic; ++i) header.ident[i] = elf::magic[i];
    header.ident[elf::ei_class] = is_wide ? elf::class_64 : elf::class_32;
    header.ident[elf::ei_data] = elf::data_little;
    header.ident[elf::ei_version] = elf::version_current;
    header.type = u16{elf::et_core};
    header.machine = is_wide ? u16{elf::em_x86_64} : u16{elf::em_386};
    header.version = u32{elf::version_current};
    header.program_headers = sizeof header;
    header.size = sizeof header;
    header.program_header_size = sizeof(program_header);
    header.program_header_count = static_cast<u16>(segments_ + 1);
    bool written = put(&header, sizeof header) && put_segment(elf::pt_note, notes_at, 0, notes_size, 0, 0, 4);
    each([&](const region& r, u64 size) {
      const auto may = proc::maps_detail::permissions_of<K>(r);
      const u32 flags = (may.read ? elf::pf_r : 0u) | (may.write ? elf::pf_w : 0u) | (may.exec ? elf::pf_x : 0u);
      written = written && put_segment(elf::pt_load, memory_at, r.start, size, r.end - r.start, flags, page_size);
      memory_at += size;
    });
    return written;
  }
  bool put_segment(u32 type, u64 offset, u64 address, u64 file_size, u64 memory_size, u32 flags, u64 alignment) {
    const auto fit = [](u64 value) { return static_cast<typename decltype(program_header{}.offset)::value_type>(value); };
    program_header h{};
    h.type = type;
    h.flags = flags;
    h.offset = fit(offset);
    h.address = fit(address);
    h.file_size = fit(file_size);
    h.memory_size = fit(memory_size);
    h.alignment = fit(alignment);
    return put(&h, sizeof h);
  }

  bool write_memory(u64 at) {
    bool written = true;
    u64 last = at;
    each([&](const region& r, u64 size) {
      for (u64 done = 0; done < size && written; done += piece) {
        const usize next = size - done < piece ? static_cast<usize>(size - done) : piece;
        written = copy(r.start + done, next, at + done, last);
      }
      at += size;
    });
    // Zeros at the end are part of it, too.
    at_ = at - 1;
    return written && (last == at || put("", 1));
  }

  /// Pages of zeros are holes, and so are those that cannot be read.
  bool copy(u64 from, usize size, u64 to, u64& last) {
    const bool readable = K::copy_in(of_.reader, room_.data(), from, size);
    for (usize done = 0; done < size; done += page_size) {
      const unsigned char* bytes = room_.data() + done;
      if (!readable && !K::copy_in(of_.reader, room_.data() + done, from + done, page_size)) continue;
      if (is_empty(bytes)) continue;
      at_ = to + done;
      if (!put(bytes, page_size)) return false;
      last = at_;
    }
    return true;
  }
  static bool is_empty(const unsigned char* bytes) {
    for (usize i = 0; i < page_size; i += sizeof(u64)) {
      u64 word;
      __builtin_memcpy(&word, bytes + i, sizeof word);
      if (word != 0) return false;
    }
    return true;
  }

  /// At `at_`, behind which it is afterwards. False: no more is taken.
  bool put(const void* from, usize size) {
    if (written_ + size > limit_) return false;
    const typename K::kernel_transfer own_memory;
    const user_bytes bytes{reinterpret_cast<u64>(from), size};
    const typename K::section inside;
    if (K::must_die(of_.reader)) return false;
    const auto done = K::write_file(to_, {&bytes, 1}, at_);
    if (!done || static_cast<usize>(*done) != size) return false;
    at_ += size;
    written_ += size;
    return true;
  }

  pseudo_context<K> of_;
  typename K::file& to_;
  u64 limit_, filter_;
  u64 at_ = 0, written_ = 0;
  u64 segments_ = 0;
  kernel_array<K, unsigned char> room_{piece};
};

} // namespace core_images

/// `abi::leave_core`.
template <class Env>
bool leave_core(typename Env::kernel::thread& thread, const native<typename Env::kernel, shape::siginfo>& details) {
  using K = typename Env::kernel;
  const auto pid = polyabi::perform<K>(op::getpid{}, thread);
  if (!pid) return false;
  const pseudo_context<K> of{thread, *pid};
  proc::information<K> about{};
  native<K, shape::rlimit> limit{};
  if (!proc::ask(of, about) || !polyabi::perform<K>(op::get_limit{}, thread, native_number<K, resource::core>, limit))
    return false;
  const core_images::note_list<Env> notes{of, about, details};
  if (notes.bytes().failed()) return false;
  auto opened = core_images::open<Env>({of, about, signal_to_linux<K>(details.signo), limit.cur});
  if (!opened) return false;
  const u32 filter = handlers::process_tuning::of<K>(thread, of.process).core_filter;
  // One that the limit or the disk cuts short is a core as well.
  (void)core_images::writer<Env>{of, **opened, limit.cur, filter}.write(notes.bytes());
  const typename K::section inside;
  *opened = {};
  return true;
}

} // namespace polyabi::linux_abi
