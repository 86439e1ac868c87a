// What a running system has more and more of, over the reference kernel on the simulated machine. Turns are made within one
// call of the guest, so that what is counted is the kernel's alone.
#include "../../examples/new_abi/tiny.hpp"
#include "growth.hpp"

#include <polyabi/facilities/event_counter.hpp>
#include <polyabi/facilities/interest/calls.hpp>
#include <polyabi/facilities/vnode_events/queue.hpp>
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/file_systems.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/simulated/machine.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

namespace bench {
namespace {

using namespace polyabi;
namespace ref = reference;
using K = ref::kernel;
constexpr i32 here = ref::at::current_directory;

template <class Answer>
auto known(Answer answer, const char* what) {
  if (!answer) {
    std::fprintf(stderr, "growth: %s fails with the kernel's error %d\n", what, static_cast<int>(answer.error()));
    std::exit(2);
  }
  if constexpr (!std::is_void_v<typename Answer::value_type>) return std::move(*answer);
}

template <class Operation, class... Arguments>
auto perform(ref::thread& t, Operation operation, Arguments&&... arguments) {
  return polyabi::perform<K>(operation, t, std::forward<Arguments>(arguments)...);
}

/// A system with a process in it, whose `/memory` is a file system in memory.
class world {
public:
  world() {
    top_ = (std::filesystem::temp_directory_path() / "polyabi-growth-XXXXXX").string();
    if (mkdtemp(top_.data()) == nullptr) std::exit(2);
    std::filesystem::create_directory(top_ + "/memory");
    simulated::configure({top_});
    const ref::kernel_lock::locked lock;
    ref::boot_options options;
    options.host_root = "/";
    known(ref::mount_all(options), "mounting");
    process_->process().paths->root = process_->process().paths->current = {{}, ref::mounts::root()};
    process_->process().limits[ref::resources::nofile].cur = ref::open_max;
    auto root = ref::mounts::root();
    known(ref::mounts::add(root, "memory", known(ref::make_memory_file_system(0777, false), "a file system"),
                           {"none", "tmpfs", "rw"}),
          "mounting");
  }
  ~world() {
    {
      const ref::kernel_lock::locked lock;
      process_->process().descriptors->close_all();
      *process_->process().paths = {};
      ref::mounts::clear();
    }
    std::filesystem::remove_all(top_);
  }
  simulated::guest& operator*() { return *process_; }
  simulated::guest* operator->() { return &*process_; }

private:
  std::string top_;
  simulated::fresh_process process_;
};

i32 open(ref::thread& t, const std::string& path, u32 flags = ref::open_flags::rdwr | ref::open_flags::creat) {
  auto opened = known(perform(t, op::open{}, here, std::string_view{path}, flags, 0644u), path.c_str());
  return polyabi::detail::derived_entry::commit(opened);
}
i32 install(ref::thread& t, custom_file<K>& made) {
  auto descriptor = known(K::make_descriptor(t, made, ref::open_flags::rdwr | ref::open_flags::nonblock, 0), "a descriptor");
  return polyabi::detail::derived_entry::commit(descriptor);
}

// --- personalities: a call of the last one's
template <usize I>
struct numbered : tiny::personality {};
template <usize... I>
auto personalities(std::index_sequence<I...>) {
  static constexpr std::array<abi<K>, sizeof...(I)> all{abi_of<environment<numbered<I>, tiny::machine, K>>...};
  return std::span<const abi<K>>{all};
}
std::vector<const abi<K>*> linked{&simulated::direct_personality};

void personalities_linked(int size, int turns) {
  linked.clear();
  for (const abi<K>& a : personalities(std::make_index_sequence<32>{}))
    if (std::ssize(linked) < size) linked.push_back(&a);
  world w;
  w->system_call([&](ref::thread& t) {
    const abi<K>* own = std::exchange(t.owner->personality, linked.back());
    registers* const frame = t.frame;
    for (int i = 0; i < turns; ++i) {
      registers user{};
      user.rax = 7; // "who"
      ref::trap::system_call(t, user, gate::syscall64);
    }
    t.frame = frame;
    t.owner->personality = own;
  });
}

// --- mounts: the status of a file sixteen directories down, of which the first ones are file systems of their own
void mounts_on_the_way(int size, int turns) {
  world w;
  w->system_call([&](ref::thread& t) {
    std::string path = "/memory";
    for (int i = 0; i < 16; ++i) {
      path += "/d";
      known(perform(t, op::mkdir{}, here, std::string_view{path}, 0755u), path.c_str());
      if (i < size - 1)
        known(perform(t, op::mount{}, std::string_view{"none"}, std::string_view{path}, std::string_view{"tmpfs"},
                      std::string_view{}),
              "mount");
    }
    path += "/file";
    (void)open(t, path);
    ref::stat status;
    for (int i = 0; i < turns; ++i) known(perform(t, op::stat{}, here, std::string_view{path}, 0u, status), "stat");
  });
}

// --- descriptors: of so many that are open, the last one's status; and one more, which is the lowest free one
template <class Work>
void with_descriptors(int size, Work work) {
  world w;
  w->system_call([&](ref::thread& t) {
    i32 last = open(t, "/memory/file");
    while (last < size - 1) last = open(t, "/memory/file");
    work(t, last);
  });
}
void descriptors_status(int size, int turns) {
  with_descriptors(size, [&](ref::thread& t, i32 last) {
    ref::stat status;
    for (int i = 0; i < turns; ++i) known(perform(t, op::fstat{}, last, status), "fstat");
  });
}
void descriptors_new(int size, int turns) {
  with_descriptors(size, [&](ref::thread& t, i32 last) {
    for (int i = 0; i < turns; ++i) {
      auto made = known(perform(t, op::dup{}, last, 0, 0u), "dup");
      known(perform(t, op::close{}, polyabi::detail::derived_entry::commit(made)), "close");
    }
  });
}

// --- regions of a process: one more, wherever it fits
void regions_new(int size, int turns) {
  namespace flag = ref::map_flags;
  world w;
  ref::process& p = w->process();
  p.memory = ref::address_space::make(false);
  w->system_call([&](ref::thread& t) {
    constexpr u32 anonymous = flag::private_ | flag::anonymous, readable = ref::protections::read;
    const auto map = [&](u32 protection) { return known(perform(t, op::map{}, u64{0}, ref::page_size, protection, anonymous, -1, i64{0}), "mmap"); };
    for (int i = 0; i < size; ++i) (void)map(i % 2 == 0 ? readable : readable | ref::protections::write); // no two of them are one
    {
      // The kernel's regions alone, as fork copies them: the simulated machine's pages are in a tree, which grows as well.
      const ref::kernel_lock::locked lock;
      ref::address_space* const filled = std::exchange(p.memory, p.memory->copy());
      filled->release();
      ref::machine::unmap_all();
    }
    for (int i = 0; i < turns; ++i) known(perform(t, op::unmap{}, map(readable), ref::page_size), "munmap");
  });
}

// --- watched files: an event of one of them
void watched_by_epoll(int size, int turns) {
  world w;
  w->system_call([&](ref::thread& t) {
    const i32 list = install(t, *create<K, facilities::interest_list<K>>());
    for (int i = 0; i < size; ++i) {
      const i32 counter = install(t, *create<K, facilities::event_counter<K>>(i == size / 2 ? 1u : 0u, false));
      const facilities::interest_request request{ref::poll_events::in, 0, ref::poll_events::in, static_cast<u64>(i)};
      known(facilities::change_interest<K>(t, list, counter, facilities::interest_change::add, request), "epoll_ctl");
    }
    u64 told = 0;
    for (int i = 0; i < turns; ++i)
      known(facilities::wait_for_interests<K>(t, list, 64, 0,
                                              [&](const facilities::ready_event& ready, i32) {
                                                told += ready.data;
                                                return true;
                                              }),
            "epoll_wait");
  });
}

struct record {
  i32 watch;
  u32 what;
  static constexpr usize most = 8;
  static usize size(usize) { return most; }
  static void write(char* to, const facilities::queued_vnode_event& e) {
    const record r{e.watch, e.what};
    __builtin_memcpy(to, &r, sizeof r);
  }
};
void watched_by_inotify(int size, int turns) {
  world w;
  const u64 memory = w->allocate(4096);
  w->system_call([&](ref::thread& t) {
    const facilities::vnode_queue_limits limits;
    const i32 queue = install(t, *create<K, facilities::vnode_event_queue<K, record>>(limits));
    i32 file = -1;
    for (int i = 0; i < size; ++i) {
      const std::string path = "/memory/" + std::to_string(i);
      const i32 made = open(t, path);
      if (i == size / 2)
        file = made;
      else
        known(perform(t, op::close{}, made), "close");
      known(facilities::watch_path<K, record>(t, queue, path, vnode_events<vnode_event::modified>, 0), "inotify_add_watch");
    }
    const user_bytes byte{memory, 1}, told{memory, record::most};
    for (int i = 0; i < turns; ++i) {
      known(perform(t, op::pwrite{}, file, user_vector{&byte, 1}, i64{0}), "write");
      known(perform(t, op::read{}, queue, user_vector{&told, 1}), "read");
    }
  });
}

constexpr int few[] = {1, 4, 16, 32}, on_the_way[] = {1, 2, 4, 8, 16}, many[] = {4, 16, 64, 256, 1024, 4000},
              watched[] = {4, 16, 64, 256, 1024, 2048};
constexpr growing all[] = {
    {"personalities linked", few, &personalities_linked},   {"mounts on the way", on_the_way, &mounts_on_the_way},
    {"descriptors: status", many, &descriptors_status},     {"descriptors: a new one", many, &descriptors_new},
    {"regions of a process: a new one", many, &regions_new},
    {"files watched by epoll", watched, &watched_by_epoll}, {"files watched by inotify", watched, &watched_by_inotify},
};

} // namespace

std::span<const growing> growing_system() {
  return all;
}

} // namespace bench

std::span<const polyabi::abi<polyabi::reference::kernel>* const> polyabi::reference::linked_personalities() {
  return bench::linked;
}
