// A guest plays Connect Four against the computer, looks at its results, and
// leaves: all that an app does with the suite, without the app.
package parlor.sample

import com.google.gson.JsonParser
import java.net.URL
import java.util.UUID
import kotlin.system.exitProcess
import parlor.auth.v1.AuthenticationResult
import parlor.auth.v1.DeleteUserRequest
import parlor.auth.v1.DeleteUserResponse
import parlor.auth.v1.InitiateAuthRequest
import parlor.auth.v1.InitiateAuthResponse
import parlor.auth.v1.GetUserRequest
import parlor.auth.v1.GetUserResponse
import parlor.game.v1.CreateMatchRequest
import parlor.game.v1.CreateMatchResponse
import parlor.game.v1.GetMatchRequest
import parlor.game.v1.GetMatchResponse
import parlor.game.v1.Match
import parlor.game.v1.MatchStatus
import parlor.game.v1.Opponent
import parlor.game.v1.PlayMoveRequest
import parlor.game.v1.PlayMoveResponse
import parlor.kv.v1.AttributeValue
import parlor.kv.v1.Item
import parlor.kv.v1.QueryRequest
import parlor.kv.v1.QueryResponse

/** Where the suite is: /config.json at the gateway. */
class Config(val gateway: String) {
    private val json = JsonParser().parse(URL("$gateway/config.json").readText()).asJsonObject
    val auth: String = json["auth"].asString
    val kv: String = json["kv"].asString
    val clientId: String = json["clientId"].asString
}

class Guest(private val config: Config) {
    private val auth = Service(config.auth, "parlor.auth.v1.UserPool")
    private val matches = Service(config.gateway, "parlor.game.v1.Matches") { tokens.accessToken }
    private val kv = Service(config.kv, "parlor.kv.v1.KeyValue") { tokens.accessToken }

    // An app keeps the refresh token in the Keystore, and the access token nowhere.
    private var tokens: AuthenticationResult = signIn("GUEST_AUTH", emptyMap())

    private fun signIn(flow: String, parameters: Map<String, String>): AuthenticationResult =
        auth.call(
            "InitiateAuth",
            InitiateAuthRequest.newBuilder()
                .setAuthFlow(flow)
                .setClientId(config.clientId)
                .putAllAuthParameters(parameters)
                .build(),
            InitiateAuthResponse.parser()
        ).authenticationResult

    /** Once more with another token, where the one we have is not good any more. */
    private fun <T> signedIn(call: () -> T): T =
        try {
            call()
        } catch (refused: Refused) {
            if (refused.code != "unauthenticated") throw refused
            val kept = tokens.refreshToken
            tokens = signIn("REFRESH_TOKEN_AUTH", mapOf("REFRESH_TOKEN" to kept))
                .toBuilder().setRefreshToken(kept).build()
            call()
        }

    /** As after an hour: the next call needs another access token. */
    fun expire() {
        tokens = tokens.toBuilder().clearAccessToken().build()
    }

    fun sub(): String = signedIn {
        auth.call(
            "GetUser",
            GetUserRequest.newBuilder().setAccessToken(tokens.accessToken).build(),
            GetUserResponse.parser()
        )
    }.userAttributesList.first { it.name == "sub" }.value

    fun newMatch(): Match = signedIn {
        matches.call(
            "CreateMatch",
            CreateMatchRequest.newBuilder()
                .setGame("connect-four")
                .setOpponent(Opponent.OPPONENT_COMPUTER)
                .setLevel(1)
                .setRequestId(UUID.randomUUID().toString())
                .build(),
            CreateMatchResponse.parser()
        )
    }.match

    fun move(match: Match, column: Int): Match {
        val request = PlayMoveRequest.newBuilder()
            .setMatchId(match.matchId)
            .setVersion(match.version)
            .setMove(column.toString())
            .setRequestId(UUID.randomUUID().toString())
            .build()
        return signedIn { matches.call("PlayMove", request, PlayMoveResponse.parser()) }.match
    }

    /** Sees the match as it is and each time it has changed. */
    fun watch(match: Match, see: (Match) -> Boolean) = signedIn {
        matches.stream(
            "WatchMatch",
            GetMatchRequest.newBuilder().setMatchId(match.matchId).build(),
            GetMatchResponse.parser()
        ) { see(it.match) }
    }

    /** How many results the player has: read straight from the store. */
    fun results(sub: String): Int = signedIn {
        kv.call(
            "Query",
            QueryRequest.newBuilder()
                .setTableName("game")
                .setKeyConditionExpression("pk = :pk")
                .setExpressionAttributeValues(
                    Item.newBuilder().putAttributes(
                        ":pk",
                        AttributeValue.newBuilder().setS("results#$sub").build()
                    )
                )
                .build(),
            QueryResponse.parser()
        )
    }.count

    fun leave() {
        auth.call(
            "DeleteUser",
            DeleteUserRequest.newBuilder().setAccessToken(tokens.accessToken).build(),
            DeleteUserResponse.parser()
        )
    }
}

private const val ROWS = 6

fun Match.isPlayed() = status == MatchStatus.MATCH_STATUS_PLAYING

/** The leftmost column that isn't full. */
fun Match.freeColumn() = columnsList.indexOfFirst { it.length < ROWS }

fun main(args: Array<String>) {
    if (args.size != 1) {
        System.err.println("usage: Guest GATEWAY-URL")
        exitProcess(2)
    }
    val guest = Guest(Config(args[0]))
    val sub = guest.sub()
    var match = guest.newMatch()

    println("match ${match.matchId}")
    while (match.isPlayed()) {
        guest.watch(match) { now -> // the computer has moved before the answer
            match = now
            false
        }
        if (match.isPlayed()) match = guest.move(match, match.freeColumn())
    }
    guest.expire()
    println("${match.status} after ${match.movesCount} moves; results: ${guest.results(sub)}")
    guest.leave()
}
