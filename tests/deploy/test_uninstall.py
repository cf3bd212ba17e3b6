"""What the role made can be taken away again; several hosts are deployed to at once."""

from deploy.operator_values import HOME, SERVICE, STATE, TIMER
from deploy.play import play
from deploy.state import assert_it_would_run, current_of


def test_uninstalling_takes_away_what_the_role_made_and_keeps_data(converged, operator, the_world):
    host = converged()
    host.run(f"echo kept > {STATE}/kept")
    slip = play(host, "uninstall.yml", **operator | {"healthcheck_uninstal_data": True})
    slip.failed("did you mean healthcheck_uninstall_data?")
    assert slip.changes == []
    dry = play(host, "uninstall.yml", "--check", "--diff", **operator).succeeded()
    assert "The health check would be uninstalled." in " ".join(dry.output.split())
    assert len(dry.output.splitlines()) < 200, "it does not name every file of every generation"
    assert_it_would_run(host)
    done = play(host, "uninstall.yml", **operator).succeeded()
    assert "your drop-ins" not in done.output
    left = host.says(
        "find / -xdev -name '*health-check*' ! -path '/proc/*' ! -path '/sys/*' ! -path '/run/*'"
        " ! -path '/var/lib/private' ! -path '/srv/*'"
    )
    assert left.splitlines() == [STATE]
    assert host.read(f"{STATE}/kept") == "kept\n"
    assert "llm-health-check" not in host.read("/opt/llm-benchmarks/.env")
    assert host.says("systemctl list-unit-files --no-legend 'llm-health-check*'; true") == ""
    assert [t for t in host.timers() if t["unit"] == TIMER] == []
    assert play(host, "uninstall.yml", **operator).succeeded().changes == []


def test_uninstalling_takes_the_data_when_told_and_names_what_is_not_its_own(converged, operator):
    host = converged()
    theirs = f"/etc/systemd/system/{SERVICE}.d"
    host.write(f"{theirs}/memory.conf", "[Service]\nMemoryMax=1G\n")
    done = play(
        host, "uninstall.yml", **operator | {"healthcheck_uninstall_data": True}
    ).succeeded()
    assert f"your drop-ins ({theirs})" in " ".join(done.output.split())
    assert host.infra.file(f"{theirs}/memory.conf").exists
    assert not host.infra.file(STATE).exists
    assert not host.infra.user("llm-health-check").exists


def test_uninstalling_follows_a_link_and_names_what_it_leads_to(converged, operator):
    host = converged()
    host.run(f"mv {HOME} /srv/elsewhere && ln -s /srv/elsewhere {HOME}")
    assert_it_would_run(host)
    done = play(host, "uninstall.yml", **operator).succeeded()
    assert f"the folder that {HOME} was a link to" in " ".join(done.output.split())
    assert host.says("ls -A /srv/elsewhere") == ""
    assert not host.infra.file(HOME).exists


def test_two_hosts_at_once(converged, operator):
    hosts = [converged("bookworm", "first"), converged("trixie", "second")]
    before = [current_of(host) for host in hosts]
    both = play(hosts, **operator | {"healthcheck_memory_max": "2G"}).succeeded()
    for host, old in zip(hosts, before, strict=True):
        assert both.recap[host.name]["failed"] == 0
        assert current_of(host) != old
        assert_it_would_run(host)
        assert host.properties(SERVICE, "MemoryMax") == {"MemoryMax": str(2 * 1024**3)}
        started = "ExecMainStartTimestampMonotonic"
        assert host.properties(SERVICE, started) == {started: "0"}, "nothing ran"
